"""The least a page of Streamlit can be: what any page costs before it says anything."""

import streamlit as st


def one() -> None:
    st.title("One")


def two() -> None:
    st.title("Two")


st.navigation([st.Page(one, url_path="one", default=True), st.Page(two, url_path="two")]).run()
