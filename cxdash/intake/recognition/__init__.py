"""From text cells to a proposed mapping, and what a person must decide."""
