// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import dev.downlink.model.ProjectId;
import io.vertx.proton.ProtonLink;
import io.vertx.proton.ProtonSender;
import io.vertx.proton.ProtonSession;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The links of one connection: receivers on queues of its project, and nothing else (northbound §6.2). Belongs to it. */
final class AmqpLinks {
    private static final Logger LOGGER = LoggerFactory.getLogger(AmqpLinks.class);
    /** Links that were refused and that the client has not yet given up. */
    private static final int MAX_REFUSED = 50;

    private final AmqpShared shared;
    private final AmqpConnection connection;
    private final List<AmqpReceiver> receivers = new ArrayList<>();
    /** Whose queues are being looked up. */
    private final Set<ProtonSender> opening = new HashSet<>();

    private int refused;

    AmqpLinks(AmqpShared shared, AmqpConnection connection) {
        this.shared = shared;
        this.connection = connection;
    }

    /** The client wants to receive. */
    void attach(ProjectId project, ProtonSender sender) {
        Optional<AmqpRefusal> wrong = wrong(sender);
        if (wrong.isPresent() || !(sender.getRemoteSource() instanceof Source source)) {
            refuse(sender, wrong.orElse(AmqpRefusal.NO_ADDRESS));
            return;
        }
        if (receivers.size() + opening.size() >= shared.settings().maxLinks()) {
            refuse(sender, AmqpRefusal.TOO_MANY_LINKS);
            return;
        }
        opening.add(sender);
        var _ = sender.closeHandler(_ -> given(sender, false)).detachHandler(_ -> given(sender, true));
        QueueKey queue = new QueueKey(project, source.getAddress());
        shared.directory().hasQueue(queue).onComplete(known -> {
            if (opening.remove(sender)) {
                looked(sender, source, queue, known.succeeded() ? known.result() : null);
            }
        });
    }

    /** Answers a link as the protocol has it: it is opened without anything at its ends, and closed. */
    <T extends ProtonLink<T>> void refuse(T link, AmqpRefusal why) {
        if (++refused > MAX_REFUSED) {
            connection.close(AmqpRefusal.TOO_MANY_LINKS);
            return;
        }
        if (shared.logs().permits()) {
            LOGGER.info("link of the consumer at {} refused: {}", connection.address(), why);
        }
        var _ = link.closeHandler(_ -> freed(link)).detachHandler(_ -> freed(link));
        var _ = link.open();
        var _ = link.setCondition(why.condition());
        var _ = link.close();
    }

    /** All of them are gone. */
    void end() {
        opening.clear();
        List<AmqpReceiver> ended = List.copyOf(receivers);
        receivers.clear();
        ended.forEach(this::left);
    }

    /** Those of a session are gone. */
    void end(ProtonSession session) {
        opening.removeIf(sender -> sender.getSession().equals(session));
        List<AmqpReceiver> ended = receivers.stream()
                .filter(receiver -> receiver.sender().getSession().equals(session))
                .toList();
        receivers.removeAll(ended);
        ended.forEach(this::left);
    }

    void more() {
        List.copyOf(receivers).forEach(AmqpReceiver::more);
    }

    void sweep() {
        receivers.stream()
                .filter(receiver -> receiver.isStalled(connection.seconds()))
                .toList()
                .forEach(receiver -> close(receiver, AmqpRefusal.STALLED));
    }

    void close(AmqpReceiver receiver, AmqpRefusal why) {
        if (receivers.remove(receiver)) {
            left(receiver);
            var _ = receiver.sender().setCondition(why.condition());
            var _ = receiver.sender().close();
        }
    }

    private static Optional<AmqpRefusal> wrong(ProtonSender sender) {
        if (!(sender.getRemoteSource() instanceof Source source)) {
            return Optional.of(AmqpRefusal.NO_ADDRESS);
        }
        if (source.getDynamic()) {
            return Optional.of(AmqpRefusal.NO_DYNAMIC);
        }
        if (source.getAddress() == null || source.getAddress().isEmpty()) {
            return Optional.of(AmqpRefusal.NO_ADDRESS);
        }
        if (source.getFilter() != null && !source.getFilter().isEmpty()) {
            return Optional.of(AmqpRefusal.NO_FILTERS);
        }
        boolean copies = source.getDistributionMode() != null
                && source.getDistributionMode().toString().equals("copy");
        return copies ? Optional.of(AmqpRefusal.NO_BROWSING) : Optional.empty();
    }

    /** @param known null when that could not be looked up */
    private void looked(ProtonSender sender, Source source, QueueKey queue, @Nullable Boolean known) {
        if (known == null || !known) {
            refuse(sender, known == null ? AmqpRefusal.QUEUE_UNKNOWN : AmqpRefusal.NO_QUEUE);
            return;
        }
        AmqpReceiver receiver = new AmqpReceiver(
                queue,
                shared.queues().of(queue),
                connection,
                this,
                sender,
                shared.settings().maxCredit());
        receivers.add(receiver);
        connection.attached();
        connection.meters().receivers().up();
        var _ = sender.closeHandler(_ -> given(receiver, false)).detachHandler(_ -> given(receiver, true));
        var _ = sender.setSource(source).setTarget(sender.getRemoteTarget()).open();
        receiver.start();
    }

    private void given(AmqpReceiver receiver, boolean detached) {
        if (receivers.remove(receiver)) {
            left(receiver);
        }
        given(receiver.sender(), detached);
    }

    /** The client gives up a link; there is none to come back to. */
    private void given(ProtonSender sender, boolean detached) {
        opening.remove(sender);
        var _ = detached ? sender.detach() : sender.close();
        sender.free();
    }

    private void freed(ProtonLink<?> link) {
        refused--;
        link.free();
    }

    private void left(AmqpReceiver receiver) {
        receiver.end();
        connection.meters().receivers().down();
    }
}
