"""The news on other sites: the element, frames, the page that says how, and cards."""
