"""Prefect's side of the work: decorators, retries, schedules, artifacts; nothing about text.

A new flow is a file here that calls `etl.ingest`, and a deployment in config/prefect.yaml.
"""
