// SPDX-License-Identifier: Apache-2.0
package dev.downlink.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.model.Secret;
import dev.downlink.support.TestDatabase;
import org.junit.jupiter.api.Test;

class MigrationsIT {

    @Test
    void bringAnEmptyDatabaseUpToDateOnce() {
        Migrations migrations = new Migrations(TestDatabase.blank(), null);
        int before = migrations.pending();

        int made = migrations.migrate();

        assertThat(made).isEqualTo(before).isPositive();
        assertThat(migrations.pending()).isZero();
        assertThat(migrations.migrate()).isZero();
    }

    @Test
    void sayWhatIsWrongWithoutThePassword() {
        Secret nowhere = new Secret("postgresql://someone:hidden@127.0.0.1:1/downlink");

        assertThatThrownBy(() -> new Migrations(nowhere, null).migrate())
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("refused")
                .hasMessageNotContaining("hidden");
    }
}
