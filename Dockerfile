# SPDX-License-Identifier: Apache-2.0
FROM eclipse-temurin:25-jdk AS build
RUN apt-get update && apt-get install -y --no-install-recommends maven && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
# Maven runs on whatever Java came with it and takes the JDK 25 of the image as its toolchain.
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B package -DskipTests -Dformat.phase=none

FROM eclipse-temurin:25-jre
RUN groupadd --gid 10001 downlink \
 && useradd --uid 10001 --gid 10001 --home-dir /app --shell /usr/sbin/nologin downlink \
 && mkdir -p /app/data && chown -R 10001:10001 /app
COPY --from=build /build/target/downlink.jar /app/downlink.jar
WORKDIR /app
USER 10001:10001
# A start takes half the time when classes come loaded and compiled from a cache; it is made by one run under load, with an
# embedded database that is thrown away. The JVM flags must be those of the entry point. One device answers all commands of
# it, more than a device may by default.
RUN HOME=/tmp/training DOWNLINK_DATA_DIR=/tmp/training/data DOWNLINK_HTTP_PORT=0 DOWNLINK_MANAGEMENT_PORT=0 DOWNLINK_MQTT_PORT=0 DOWNLINK_MQTTS_PORT=0 \
    DOWNLINK_MQTT_MAX_UPLINK_RATE=10000 \
    java -XX:AOTCacheOutput=/app/downlink.aot -XX:+UseG1GC -XX:+UseCompactObjectHeaders \
      --sun-misc-unsafe-memory-access=allow -jar /app/downlink.jar demo --commands 5000 \
 && rm -rf /tmp/training
# 8080 HTTP, 8090 management, 1883 MQTT, 8883 MQTT over TLS
ENV DOWNLINK_HOST=0.0.0.0 DOWNLINK_LOG_FORMAT=json
EXPOSE 8080 8090 1883 8883
ENTRYPOINT ["java", "-XX:AOTCache=/app/downlink.aot", "-XX:+UseG1GC", "-XX:+UseCompactObjectHeaders", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "--sun-misc-unsafe-memory-access=allow", "-jar", "/app/downlink.jar"]
CMD ["run"]
