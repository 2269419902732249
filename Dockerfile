# One image for every service. Nothing is compiled: each dependency is pure Python or has a wheel.
FROM python:3.11.14-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DIBAO_CONFIG=/app/config.toml \
    DIBAO_SERVICE__DATA_DIR=/data \
    DIBAO_SERVICE__PUBLIC_DIR=/data/public \
    DIBAO_WEB__LISTEN=0.0.0.0:8000

WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE config.toml ./
COPY bulletins ./bulletins
COPY feeds ./feeds
COPY worker ./worker

# The code belongs to root and is only read; /data alone belongs to the user that runs it.
RUN pip install -c constraints.txt . \
    && rm -rf build bulletins feeds worker dibao.egg-info \
    && useradd --system --uid 10001 --no-create-home dibao \
    && install -d -o dibao -g dibao /data

USER dibao
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM

# Alone, the image runs everything, with the embedded Valkey; docker-compose.yml runs a service in each container.
CMD ["dibao", "up"]
