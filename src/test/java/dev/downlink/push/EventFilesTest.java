// SPDX-License-Identifier: Apache-2.0
package dev.downlink.push;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventFilesTest {
    private final EventFiles files = new EventFiles();

    @Test
    void fileHasTheLinesOfItsPath() {
        add("a/", "d1", "1");
        add("b/", "d2", "2");
        add("a/", "d3", "3");

        files.finishAll();

        assertThat(next().content()).hasToString("1\n3\n");
        assertThat(next().content()).hasToString("2\n");
        assertThat(files.takeNext()).isEmpty();
    }

    @Test
    void deviceThatGoesElsewhereFinishesItsFile() {
        EventFile earlier = add("10/", "d1", "1");
        add("11/", "d1", "2");

        assertThat(files.takeNext()).contains(earlier);
        assertThat(files.openLines()).isEqualTo(1);
    }

    @Test
    void fileWaitsForAnEarlierOneWithTheSameDevice() {
        files.finish(add("a/", "d1", "1"));
        files.finish(add("a/", "d1", "2"));
        files.finish(add("b/", "d2", "3"));

        EventFile first = next();
        EventFile other = next();
        boolean isMore = files.takeNext().isPresent();
        files.end(first);

        assertThat(other.content()).hasToString("3\n");
        assertThat(isMore).isFalse();
        assertThat(next().content()).hasToString("2\n");
    }

    @Test
    void fileWaitsForOneThatWaits() {
        files.finish(add("a/", "d1", "1"));
        EventFile second = add("a/", "d1", "2");
        add("a/", "d2", "3");
        files.finish(second);
        files.finish(add("b/", "d2", "4"));

        EventFile first = next();

        assertThat(files.takeNext()).isEmpty();
        files.end(first);
        assertThat(next()).isEqualTo(second);
    }

    @Test
    void laterEventsOfAFailedFilesDevicesAreTakenOut() {
        files.finish(add("a/", "d1", "1"));
        EventFile failed = next();
        EventFile waiting = add("a/", "d1", "2");
        add("a/", "d2", "3");
        files.finish(waiting);
        add("b/", "d1", "4");
        EventFile open = add("c/", "d3", "5");

        files.end(failed);
        List<EventFile.Line> later = files.takeOutAfter(failed);

        assertThat(later).extracting(line -> line.text().toString()).containsExactly("2", "4");
        assertThat(files.lines()).isEqualTo(2);
        assertThat(files.bytes()).isEqualTo(4);
        assertThat(files.openLines()).isEqualTo(1);
        assertThat(files.openBytes()).isEqualTo(2);
        assertThat(next().content()).hasToString("3\n");
        assertThat(files.firstDueMillis()).contains(open.dueMillis());
    }

    @Test
    void onlyWhatIsDueIsFinished() {
        var _ = files.add("a/", line("d1", "1"), 10);
        var _ = files.add("b/", line("d2", "2"), 20);

        files.finishDue(10);

        assertThat(next().path()).isEqualTo("a/");
        assertThat(files.takeNext()).isEmpty();
        assertThat(files.firstDueMillis()).contains(20L);
    }

    private EventFile next() {
        return files.takeNext().orElseThrow();
    }

    @CanIgnoreReturnValue
    private EventFile add(String path, String key, String text) {
        return files.add(path, line(key, text), 0);
    }

    private static EventFile.Line line(String key, String text) {
        return new EventFile.Line(key, Buffer.buffer(text), Promise.promise());
    }
}
