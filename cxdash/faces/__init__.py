"""The faces of cxdash: web pages and the command line. They draw an Answer and compute nothing."""
