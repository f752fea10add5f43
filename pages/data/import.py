import streamlit as st
from cxdash.faces.web import words, navigation
words.kicker(navigation.info("import").asks)
