# One image for the Prefect server, the worker and the jobs: the same lock file everywhere.
FROM python:3.11.13-slim-bookworm

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONUNBUFFERED=1
WORKDIR /app

COPY requirements.lock ./
RUN pip install --quiet --no-deps --require-hashes --requirement requirements.lock

COPY pyproject.toml README.md LICENSE NOTICE ./
COPY src src
COPY config config
COPY flows flows
RUN pip install --quiet --no-deps --no-build-isolation . \
    && useradd --create-home --uid 10001 etl \
    && mkdir -m 700 /data && chown etl:etl /data

ENV ETL_DATA_DIR=/data PREFECT_HOME=/data/prefect
USER etl
VOLUME /data
CMD ["etl", "--help"]
