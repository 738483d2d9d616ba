// SPDX-License-Identifier: Apache-2.0
package dev.downlink.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.model.Secret;
import org.junit.jupiter.api.Test;

class JdbcAddressTest {

    @Test
    void takesUserAndPasswordOutOfTheUri() {
        JdbcAddress address = JdbcAddress.of(new Secret("postgresql://us%40er:p%3Aa%2Fs+s@db:5433/down"), null);

        assertThat(address)
                .isEqualTo(new JdbcAddress("jdbc:postgresql://db:5433/down", "us@er", new Secret("p:a/s+s")));
    }

    @Test
    void anotherPasswordWins() {
        JdbcAddress address = JdbcAddress.of(new Secret("postgresql://user:old@db/down"), new Secret("new"));

        assertThat(address.password()).isEqualTo(new Secret("new"));
    }

    @Test
    void spellsParametersAsJdbcDoes() {
        JdbcAddress address = JdbcAddress.of(
                new Secret("postgres://db/down?sslmode=verify-full&application_name=a%20b&connect_timeout=3"), null);

        assertThat(address.url())
                .isEqualTo("jdbc:postgresql://db/down?ApplicationName=a+b&connectTimeout=3&sslmode=verify-full");
        assertThat(address.user()).isNull();
        assertThat(address.password()).isNull();
    }

    @Test
    void readsUserAndPasswordFromParametersToo() {
        JdbcAddress address = JdbcAddress.of(new Secret("postgresql://db/down?user=u&password=p%26q"), null);

        assertThat(address).isEqualTo(new JdbcAddress("jdbc:postgresql://db/down", "u", new Secret("p&q")));
    }

    @Test
    void anotherSchemeIsRefusedWithoutBeingRepeated() {
        assertThatThrownBy(() -> JdbcAddress.of(new Secret("mysql://user:hidden@db/down"), null))
                .isInstanceOf(DatabaseException.class)
                .hasMessageNotContaining("hidden");
    }
}
