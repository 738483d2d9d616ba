// SPDX-License-Identifier: Apache-2.0
package dev.downlink.cli;

import dev.downlink.model.Secret;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What the demo made up at its first start, kept in the data directory so that the next start has the same keys.
 *
 * @param fresh whether this is the first start
 */
record DemoSecrets(Secret secretKey, Secret password, Secret device, boolean fresh) {
    private static final String FILE = "demo.json";
    private static final int BYTES = 12;

    static DemoSecrets in(Path dataDir) throws IOException {
        Path file = Files.createDirectories(dataDir).resolve(FILE);
        if (Files.exists(file)) {
            return read(new JsonObject(Files.readString(file)));
        }
        DemoSecrets made = new DemoSecrets(random(), random(), random(), true);
        made.write(file);
        return made;
    }

    private static DemoSecrets read(JsonObject json) {
        return new DemoSecrets(
                new Secret(json.getString("secret_key")),
                new Secret(json.getString("password")),
                new Secret(json.getString("device_secret")),
                false);
    }

    /** Nobody else may read it. */
    private void write(Path file) throws IOException {
        String json = new JsonObject()
                .put("secret_key", secretKey.value())
                .put("password", password.value())
                .put("device_secret", device.value())
                .encodePrettily();
        Path fresh = file.resolveSibling(FILE + ".new");
        var _ = Files.deleteIfExists(fresh);
        var _ = Files.createFile(
                fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        var _ = Files.writeString(fresh, json + '\n');
        var _ = Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** 24 hexadecimal digits, which every secret of the contract may be. */
    private static Secret random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return new Secret(HexFormat.of().formatHex(bytes));
    }
}
