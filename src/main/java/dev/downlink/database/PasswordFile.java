// SPDX-License-Identifier: Apache-2.0
package dev.downlink.database;

import dev.downlink.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Where the embedded database's password is kept; nobody but the owner may read it. */
record PasswordFile(Path path) {

    /** Writes a fresh password. Returns the file. */
    Path create() throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(path);
        var _ = Files.createFile(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(path, HexFormat.of().formatHex(random));
    }

    Secret read() {
        try {
            return new Secret(Files.readString(path).strip());
        } catch (IOException e) {
            throw new DatabaseException("cannot read the embedded database's password: " + e, e);
        }
    }
}
