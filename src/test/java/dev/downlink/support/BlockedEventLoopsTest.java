// SPDX-License-Identifier: Apache-2.0
package dev.downlink.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BlockedEventLoopsTest {
    @Test
    void blockedLoopFailsTheTestClass() {
        BlockedEventLoops extension = new BlockedEventLoops();
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setBlockedThreadCheckInterval(5)
                .setMaxEventLoopExecuteTime(TimeUnit.MILLISECONDS.toNanos(5)));
        vertx.runOnContext(_ -> {
            long giveUp = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!BlockedEventLoops.seen() && System.nanoTime() < giveUp) {
                Thread.onSpinWait();
            }
        });
        Outcome.of(vertx.close());

        assertThatThrownBy(() -> extension.afterAll(null)).isInstanceOf(AssertionError.class);

        extension.beforeAll(null);
        assertThat(BlockedEventLoops.seen()).isFalse();
    }
}
