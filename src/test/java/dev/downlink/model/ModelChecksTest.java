// SPDX-License-Identifier: Apache-2.0
package dev.downlink.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.model.RandomModel.Change;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The checks of properties against random models: whatever a model allows passes, and whatever is changed so that it does not
 * is refused by the name of the very property.
 */
class ModelChecksTest {
    private static final int MODELS = 500;
    /** Of all models there are at least so many in which a change can be made. */
    private static final int ENOUGH = 30;

    @Test
    void whatTheModelAllowsPasses() {
        for (int seed = 0; seed < MODELS; seed++) {
            RandomModel model = new RandomModel(seed);
            List<ServiceProperties> values = model.values();

            assertThatCode(() -> model.product().checkProperties(values))
                    .as("seed %s: %s", seed, values)
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void oneValueThatTheModelDoesNotAllowIsRefusedByItsName(Change change) {
        int made = 0;
        for (int seed = 0; seed < MODELS; seed++) {
            RandomModel model = new RandomModel(seed);
            RandomModel.Broken broken = model.broken(change).orElse(null);
            if (broken != null) {
                made++;
                refuses(model, broken, seed);
            }
        }

        assertThat(made).isGreaterThan(ENOUGH);
    }

    private static void refuses(RandomModel model, RandomModel.Broken broken, int seed) {
        assertThatThrownBy(() -> model.product().checkProperties(broken.values()))
                .as("seed %s: %s", seed, broken)
                .isInstanceOfSatisfying(InvalidField.class, e -> {
                    assertThat(e.field()).isEqualTo(broken.field());
                    assertThat(e.why()).contains(broken.why());
                });
    }
}
