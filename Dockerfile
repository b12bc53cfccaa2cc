# One image for the web server, both workers and the beat; docker-compose.yml says which does what.

FROM node:22-bookworm-slim AS assets
WORKDIR /mocban
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY static static
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
# hnswlib is built here; the compiler stays behind.
RUN apt-get update && apt-get install -y --no-install-recommends g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /mocban
COPY requirements requirements
RUN python -m venv /opt/mocban \
 && sed -n '/^uv==/,/[^\\]$/p' requirements/lock.txt > /tmp/uv.txt \
 && pip install --no-cache-dir --no-deps --require-hashes -r /tmp/uv.txt \
 && uv pip sync --no-cache --python /opt/mocban/bin/python --require-hashes requirements/lock-server.txt \
 && uv pip install --no-cache --python /opt/mocban/bin/python --no-deps --require-hashes \
        -r requirements/lock-without-dependencies.txt

FROM python:3.11-slim-bookworm
# EGL with Mesa draws the shaded pictures; Hanazono draws characters that the page fonts lack.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libegl1 libgl1 libgl1-mesa-dri libglu1-mesa fonts-hanazono \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --home-dir /mocban --no-create-home --shell /usr/sbin/nologin mocban \
 && install -d -o mocban -g mocban /data /data/postgres /data/redis
COPY --from=packages /opt/mocban /opt/mocban
WORKDIR /mocban
COPY manage.py ./
COPY common common
COPY retrieval retrieval
COPY webapp webapp
COPY workers workers
COPY templates templates
COPY locale locale
COPY --from=assets /mocban/static static
COPY --from=assets /mocban/node_modules/@expo-google-fonts node_modules/@expo-google-fonts
ENV PATH=/opt/mocban/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CACHE_DIR=/tmp/numba \
    DJANGO_SETTINGS_MODULE=webapp.config.settings \
    MOCBAN_DATA=/data \
    MOCBAN_HOST=0.0.0.0
USER mocban
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s CMD ["python", "manage.py", "alive", "web"]
CMD ["gunicorn", "webapp.config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", "--worker-class", "webapp.config.web_worker.BufferingWorker", "--preload", "--log-level", "warning", "--no-control-socket"]
