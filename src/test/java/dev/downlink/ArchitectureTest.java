// SPDX-License-Identifier: Apache-2.0
package dev.downlink;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The walls of the house: who may know whom. Each rule is also seen to fail on a violation that is planted for it. */
class ArchitectureTest {
    private static final String ROOT = "dev.downlink.";
    private static final List<String> ROOMS =
            List.of("http", "mqtt", "correlator", "delivery", "uplink", "shadow", "push", "registry", "repository");

    /** What each package may know of ours besides itself; "" is the package above. */
    private static final Map<String, List<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("model", List.of()),
            Map.entry("protocol", List.of("model")),
            Map.entry("telemetry", List.of("config")),
            Map.entry("bus", List.of("protocol", "model", "telemetry")),
            Map.entry("config", List.of("model")),
            Map.entry("auth", List.of("model", "config")),
            Map.entry("database", List.of("model", "config")),
            Map.entry("net", List.of()),
            Map.entry("http", List.of("model", "protocol", "bus", "config", "auth", "telemetry", "net")),
            Map.entry("mqtt", List.of("model", "protocol", "bus", "config", "auth", "telemetry", "net")),
            Map.entry("correlator", List.of("model", "protocol", "bus", "config", "auth", "telemetry")),
            Map.entry("delivery", List.of("model", "protocol", "bus", "config", "auth", "telemetry")),
            Map.entry("shadow", List.of("model", "protocol", "bus", "config", "auth", "telemetry")),
            Map.entry("event", List.of("model", "protocol")),
            Map.entry("push", List.of("model", "protocol", "event", "bus", "config", "auth", "telemetry")),
            Map.entry("uplink", List.of("model", "protocol", "bus", "config", "auth", "telemetry")),
            Map.entry("registry", List.of("model", "protocol", "bus", "config", "auth", "telemetry")),
            Map.entry("repository", List.of("model", "protocol", "bus", "config", "auth", "telemetry")),
            Map.entry("simulator", List.of("model", "config")),
            Map.entry("cli", List.of("", "model", "protocol", "bus", "config", "auth", "database", "simulator")));

    private static final Map<String, String[]> FENCES = Map.ofEntries(
            Map.entry("io.vertx.core.eventbus..", new String[] {"bus"}),
            Map.entry("io.vertx.sqlclient..", new String[] {"repository"}),
            Map.entry("io.vertx.pgclient..", new String[] {"repository"}),
            Map.entry("io.vertx.ext.web..", new String[] {"http"}),
            Map.entry("io.vertx.mqtt..", new String[] {"mqtt", "simulator"}),
            Map.entry("io.netty.handler.codec.mqtt..", new String[] {"mqtt", "simulator"}),
            Map.entry("org.apache.kafka..", new String[] {"push"}),
            Map.entry("io.vertx.proton..", new String[] {"push"}),
            Map.entry("org.apache.qpid.proton..", new String[] {"push"}),
            Map.entry("com.hazelcast..", new String[] {""}),
            Map.entry("io.micrometer..", new String[] {"telemetry"}),
            Map.entry("ch.qos.logback..", new String[] {"", "telemetry"}),
            Map.entry("java.sql..", new String[] {"database"}),
            Map.entry("org.flywaydb..", new String[] {"database"}),
            Map.entry("io.zonky..", new String[] {"database"}),
            Map.entry("picocli..", new String[] {"cli"}));

    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.downlink");

    static Stream<ArchRule> rules() {
        List<ArchRule> rules = new ArrayList<>();
        MAY_KNOW.forEach((name, known) -> rules.add(knowsOnly(name, known)));
        FENCES.forEach((library, inside) -> rules.add(staysIn(library, inside)));
        ROOMS.forEach(room -> rules.add(hasOnePublicClass(room)));
        rules.add(onlyTheMainClassKnowsTheCommandLine());
        rules.add(modelAndProtocolKnowOnlyTheJdk());
        rules.add(whatTravelsIsARecord());
        rules.add(eventLoopsDoNotBlock());
        rules.add(inheritsOnlyFromVerticlesAndExceptions());
        rules.add(slices().matching("dev.downlink.(*)..").should().beFreeOfCycles());
        return rules.stream();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(ArchRule rule) {
        rule.check(PROGRAM);
    }

    @Test
    void everyPackageHasItsRule() {
        assertThat(PROGRAM.stream()
                        .map(c -> c.getPackageName())
                        .filter(name -> name.startsWith(ROOT))
                        .map(name -> name.substring(ROOT.length()).split("\\.")[0])
                        .distinct())
                .allSatisfy(name -> assertThat(MAY_KNOW).containsKey(name));
    }

    @Test
    void plantedViolationsAreSeen() {
        JavaClasses planted = new ClassFileImporter()
                .importClasses(
                        dev.downlink.registry.planted.Intruder.class,
                        dev.downlink.protocol.planted.Loose.class,
                        PlantedCommander.class);

        List<ArchRule> broken = List.of(
                knowsOnly("registry", MAY_KNOW.get("registry")),
                staysIn("io.vertx.sqlclient..", FENCES.get("io.vertx.sqlclient..")),
                staysIn("io.vertx.core.eventbus..", FENCES.get("io.vertx.core.eventbus..")),
                hasOnePublicClass("registry"),
                onlyTheMainClassKnowsTheCommandLine(),
                modelAndProtocolKnowOnlyTheJdk(),
                whatTravelsIsARecord(),
                eventLoopsDoNotBlock(),
                inheritsOnlyFromVerticlesAndExceptions());

        assertThat(broken).allMatch(rule -> rule.evaluate(planted).hasViolation());
    }

    private static ArchRule knowsOnly(String name, List<String> known) {
        String[] allowed = Stream.concat(Stream.of(name), known.stream())
                .map(ArchitectureTest::inside)
                .toArray(String[]::new);
        DescribedPredicate<JavaClass> elsewhere =
                resideInAPackage("dev.downlink..").and(not(resideInAnyPackage(allowed)));
        return noClasses()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .dependOnClassesThat(elsewhere)
                .as(name + " knows only " + known)
                .allowEmptyShould(true);
    }

    private static ArchRule staysIn(String library, String... packages) {
        String[] inside = Stream.of(packages).map(ArchitectureTest::inside).toArray(String[]::new);
        return noClasses()
                .that()
                .resideOutsideOfPackages(inside)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .as(library + " stays in " + List.of(packages))
                .allowEmptyShould(true);
    }

    private static String inside(String name) {
        return name.isEmpty() ? "dev.downlink" : ROOT + name + "..";
    }

    private static ArchRule onlyTheMainClassKnowsTheCommandLine() {
        return noClasses()
                .that()
                .resideInAPackage("dev.downlink")
                .and()
                .doNotHaveFullyQualifiedName("dev.downlink.Downlink")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "cli..")
                .as("what a process is made of knows no commands");
    }

    private static ArchRule hasOnePublicClass(String room) {
        return classes()
                .that()
                .resideInAPackage(ROOT + room + "..")
                .and()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .should()
                .beAssignableTo(VerticleBase.class)
                .as(room + " shows only its verticle");
    }

    private static ArchRule modelAndProtocolKnowOnlyTheJdk() {
        return noClasses()
                .that()
                .resideInAnyPackage(ROOT + "model..", ROOT + "protocol..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "java..", "dev.downlink..", "org.jspecify..", "com.google.errorprone.annotations..")
                .as("model and protocol know only the JDK");
    }

    private static ArchRule whatTravelsIsARecord() {
        DescribedPredicate<JavaClass> plainClass = DescribedPredicate.describe(
                "a class that is neither record, enum nor exception",
                c -> !c.isInterface()
                        && !c.isAnonymousClass()
                        && !c.isRecord()
                        && !c.isEnum()
                        && !c.isAssignableTo(Throwable.class));
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "protocol..")
                .should(be(plainClass))
                .as("what travels on the bus is a record");
    }

    private static ArchRule eventLoopsDoNotBlock() {
        return noClasses()
                .that()
                .resideInAnyPackage(ROOMS.stream().map(r -> ROOT + r + "..").toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "java.util.concurrent.locks..", "java.net.http..")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(io.vertx.core.Future.class, "await")
                .as("event loops do not block");
    }

    private static ArchRule inheritsOnlyFromVerticlesAndExceptions() {
        DescribedPredicate<JavaClass> abstractTopLevel = DescribedPredicate.describe(
                "an abstract top-level class",
                c -> c.isTopLevelClass()
                        && !c.isInterface()
                        && c.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT));
        return noClasses().should(be(abstractTopLevel)).as("there is no class made to be inherited from");
    }
}
