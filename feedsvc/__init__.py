"""Publishes a union local's updates as feeds and pages that members can follow without an account."""
