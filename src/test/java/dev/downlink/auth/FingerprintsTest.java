// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.downlink.support.Certificates;
import java.security.cert.X509Certificate;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FingerprintsTest {
    private final X509Certificate own = Certificates.selfSigned("own").certificate();
    private final X509Certificate other = Certificates.selfSigned("other").certificate();

    @Test
    void bothLengthsInEitherPlaceAndEitherCaseFit() {
        assertThat(Fingerprints.matches(own, Fingerprints.sha1(own), null)).isTrue();
        assertThat(Fingerprints.matches(own, Fingerprints.sha256(own), null)).isTrue();
        assertThat(Fingerprints.matches(own, Fingerprints.sha1(other), Fingerprints.sha256(own)))
                .isTrue();
        assertThat(Fingerprints.matches(own, Fingerprints.sha256(own).toUpperCase(Locale.ROOT), null))
                .isTrue();
    }

    @Test
    void anotherCertificateDoesNotFit() {
        assertThat(Fingerprints.matches(other, Fingerprints.sha1(own), Fingerprints.sha256(own)))
                .isFalse();
        assertThat(Fingerprints.matches(own, null, null)).isFalse();
    }

    @Test
    void lengthsAreThoseOfTheAlgorithms() {
        assertThat(Fingerprints.sha1(own)).hasSize(40);
        assertThat(Fingerprints.sha256(own)).hasSize(64);
    }
}
