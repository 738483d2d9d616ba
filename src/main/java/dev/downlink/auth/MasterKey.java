// SPDX-License-Identifier: Apache-2.0
package dev.downlink.auth;

import dev.downlink.config.Settings;
import dev.downlink.model.Secret;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** Where the master key comes from: the settings, or a file in the data directory that is made at the first start. */
public final class MasterKey {
    private static final String FILE = "master.key";

    private MasterKey() {}

    /** Blocks; called at start. Fails with {@link VaultException} for a key that is none. */
    public static Vault vault(Settings settings) {
        Secret given = settings.security().masterKey();
        if (given != null) {
            return new Vault(decode("security.master_key", given.value()));
        }
        Path file = settings.dataDir().resolve(FILE);
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            return new Vault(decode(file.toString(), Files.readString(file)));
        } catch (IOException e) {
            throw new VaultException("cannot read or make the master key " + file + ": " + e, e);
        }
    }

    private static byte[] decode(String where, String text) {
        String wanted = " must be " + Vault.KEY_BYTES + " bytes in Base64";
        try {
            byte[] key = Base64.getDecoder().decode(text.strip());
            if (key.length != Vault.KEY_BYTES) {
                throw new VaultException(where + wanted + ", it has " + key.length);
            }
            return key;
        } catch (IllegalArgumentException e) {
            throw new VaultException(where + wanted);
        }
    }

    /** Written in full before it gets its name; of two processes that start at once the first one's key counts. */
    private static void make(Path file) throws IOException {
        Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
        byte[] key = new byte[Vault.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Path fresh = Files.createTempFile(
                directory,
                FILE,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        var _ = Files.writeString(fresh, Base64.getEncoder().encodeToString(key) + '\n');
        try {
            var _ = Files.createLink(file, fresh);
            Files.delete(fresh);
        } catch (FileAlreadyExistsException e) {
            Files.delete(fresh);
        } catch (UnsupportedOperationException e) {
            var _ = Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
