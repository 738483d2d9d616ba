// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import dev.downlink.bus.Bus;
import dev.downlink.config.Settings;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.protocol.AccountRequest;
import dev.downlink.protocol.Failed;
import dev.downlink.protocol.Failure;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the project and the key of the settings when they do not exist; what exists stays as it is. */
final class Bootstrap {
    private static final Logger LOGGER = LoggerFactory.getLogger(Bootstrap.class);

    private final Bus bus;

    Bootstrap(Bus bus) {
        this.bus = bus;
    }

    Future<Void> run(Settings.Bootstrap wanted) {
        String project = wanted.project();
        String accessKey = wanted.accessKey();
        Secret secretKey = wanted.secretKey();
        if (project == null || accessKey == null || secretKey == null) {
            return Future.succeededFuture();
        }
        ProjectId id = new ProjectId(project);
        return project(id)
                .compose(_ -> bus.ask(new AccountRequest.CreateKey(id, accessKey, secretKey)))
                .onSuccess(_ -> LOGGER.info("made access key {} of project {}", accessKey, project))
                .<Void>mapEmpty()
                .recover(Bootstrap::unlessThere);
    }

    private Future<Void> project(ProjectId id) {
        return bus.ask(new AccountRequest.CreateProject(id, id.value()))
                .onSuccess(_ -> LOGGER.info("made project {}", id))
                .<Void>mapEmpty()
                .recover(Bootstrap::unlessThere);
    }

    private static Future<Void> unlessThere(Throwable e) {
        return e instanceof Failed failed && failed.failure() instanceof Failure.AlreadyExists
                ? Future.succeededFuture()
                : Future.failedFuture(e);
    }
}
