"""The Streamlit face: draws Answers and Facts, computes nothing. The only place that imports Streamlit."""
