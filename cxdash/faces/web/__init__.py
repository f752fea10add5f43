"""The Streamlit face: draws Answers and Facts, computes nothing. Only here Streamlit is used."""
