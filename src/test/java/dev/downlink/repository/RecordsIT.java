// SPDX-License-Identifier: Apache-2.0
package dev.downlink.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.downlink.auth.VaultException;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.Project;
import dev.downlink.model.ProjectId;
import dev.downlink.model.Secret;
import dev.downlink.model.Space;
import dev.downlink.model.SpaceId;
import dev.downlink.model.User;
import dev.downlink.protocol.AccountRows;
import dev.downlink.protocol.Failure;
import dev.downlink.protocol.Page;
import dev.downlink.protocol.ProductRequest;
import dev.downlink.protocol.ProductRows;
import dev.downlink.protocol.SpaceRows;
import dev.downlink.support.TestDatabase;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordsIT {
    private final Secret uri = TestDatabase.fresh();
    private final Room room = Room.furnished(uri);

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void productsKeepTheirWholeModel() {
        Product product = Room.product("pump");
        room.ask(new ProductRows.InsertProduct(product, 100));

        assertThat(room.ask(new ProductRows.SelectProducts(Room.PROJECT, product.id()))
                        .products())
                .containsExactly(new ProductRequest.ProductView(product, "default"));
        assertThat(room.failure(new ProductRows.InsertProduct(Room.product("pump"), 100)))
                .isEqualTo(new Failure.AlreadyExists("product", "pump"));
    }

    @Test
    void theLimitHoldsForProductsInsertedAtOnce() {
        List<Future<?>> inserts = IntStream.range(0, 10)
                .<Future<?>>mapToObj(i -> room.bus.ask(new ProductRows.InsertProduct(Room.product("x" + i), 5)))
                .toList();

        room.await(Future.join(inserts).transform(_ -> Future.succeededFuture()));

        assertThat(inserts.stream().filter(Future::succeeded).count()).isEqualTo(4);
        assertThat(room.failure(new ProductRows.InsertProduct(Room.product("y"), 5)))
                .isEqualTo(new Failure.LimitReached("products", 5));
    }

    @Test
    void aProductChangesOnlyFromTheVersionInTheTable() {
        Product product = Room.product("pump");
        room.ask(new ProductRows.InsertProduct(product, 100));

        room.ask(new ProductRows.UpdateProductRow(product));

        assertThat(room.failure(new ProductRows.UpdateProductRow(product)))
                .isEqualTo(new Failure.Conflict("product", "pump"));
        assertThat(room.failure(new ProductRows.UpdateProductRow(Room.product("gone"))))
                .isEqualTo(new Failure.ProductNotFound(new ProductId("gone")));
    }

    @Test
    void whatIsUsedCannotBeDeleted() {
        Product pump = Room.product("pump");
        room.ask(new ProductRows.InsertProduct(pump, 100));
        ProductRequest.ProductView meter = room.ask(
                        new ProductRows.SelectProducts(Room.PROJECT, new ProductId("meter")))
                .products()
                .getFirst();
        room.insert(Room.device("d1"));

        room.ask(new ProductRows.DeleteProductRow(pump.recordId(), pump.id()));

        assertThat(room.failure(new ProductRows.DeleteProductRow(pump.recordId(), pump.id())))
                .isEqualTo(new Failure.ProductNotFound(pump.id()));
        assertThat(room.failure(new ProductRows.DeleteProductRow(
                        meter.product().recordId(), meter.product().id())))
                .isEqualTo(new Failure.InUse("product", "meter", "devices"));
        assertThat(room.failure(new SpaceRows.DeleteSpaceRow(Room.PROJECT, Room.SPACE)))
                .isEqualTo(new Failure.InUse("application", "s1", "products"));
        assertThat(room.failure(new AccountRows.DeleteProjectRow(Room.PROJECT)))
                .isEqualTo(new Failure.InUse("project", "p1", "products"));
    }

    @Test
    void productsAreListedNewestFirst() {
        room.ask(new ProductRows.InsertProduct(Room.product("pump"), 100));

        ProductRows.ProductPage first =
                room.ask(new ProductRows.ListProducts(Room.PROJECT, null, null, new Page(1, Page.FIRST.marker(), 0)));
        ProductRows.ProductPage named =
                room.ask(new ProductRows.ListProducts(Room.PROJECT, Room.SPACE, "name-meter", Page.FIRST));

        assertThat(first.count()).isEqualTo(2);
        assertThat(first.products().getFirst().product().id()).isEqualTo(new ProductId("pump"));
        assertThat(named.products()).hasSize(1);
    }

    @Test
    void spacesComeAreRenamedAndGo() {
        Space space = new Space(Room.PROJECT, new SpaceId("s2"), "two", false, Room.NOW);
        room.ask(new SpaceRows.InsertSpace(space, 2));

        assertThat(room.ask(new SpaceRows.ListSpaces(Room.PROJECT, false)).spaces())
                .containsExactly(space);
        assertThat(room.ask(new SpaceRows.ListSpaces(Room.PROJECT, null)).spaces())
                .hasSize(2);
        assertThat(room.failure(new SpaceRows.InsertSpace(space, 9)))
                .isEqualTo(new Failure.AlreadyExists("application", "two"));
        assertThat(room.failure(new SpaceRows.InsertSpace(space, 2)))
                .isEqualTo(new Failure.LimitReached("applications", 2));
        assertThat(room.failure(new SpaceRows.UpdateSpaceName(Room.PROJECT, space.id(), "default")))
                .isEqualTo(new Failure.AlreadyExists("application", "default"));
        room.ask(new SpaceRows.UpdateSpaceName(Room.PROJECT, space.id(), "three"));
        room.ask(new SpaceRows.DeleteSpaceRow(Room.PROJECT, space.id()));
        assertThat(room.failure(new SpaceRows.UpdateSpaceName(Room.PROJECT, space.id(), "x")))
                .isEqualTo(new Failure.SpaceNotFound(space.id()));
    }

    @Test
    void projectsAreFoundByIdAndByName() {
        Project one = room.ask(new AccountRows.SelectProject("p1")).project();

        assertThat(room.ask(new AccountRows.SelectProject("one")).project()).isEqualTo(one);
        assertThat(room.ask(new AccountRows.SelectProjects()).projects()).containsExactly(one);
        assertThat(room.failure(new AccountRows.SelectProject("two")))
                .isEqualTo(new Failure.NotFound("project", "two"));
        assertThat(room.failure(new AccountRows.InsertProject(
                        one, new Space(Room.PROJECT, new SpaceId("s9"), "default", true, Room.NOW))))
                .isEqualTo(new Failure.AlreadyExists("project", "one"));
    }

    @Test
    void usersOpenTheProjectsTheyWereGranted() {
        Project project = room.ask(new AccountRows.SelectProject("p1")).project();
        User user = new User("d", "u", new Secret("hash"), Room.NOW, List.of(project));
        room.ask(new AccountRows.InsertUser(user));

        assertThat(room.ask(new AccountRows.SelectUser("d", "u")).user()).isEqualTo(user);
        assertThat(room.failure(new AccountRows.InsertUser(user))).isEqualTo(new Failure.AlreadyExists("user", "u"));
        room.ask(new AccountRows.DeleteGrant("d", "u", Room.PROJECT));
        assertThat(room.ask(new AccountRows.SelectUsers()).users().getFirst().projects())
                .isEmpty();
        room.ask(new AccountRows.InsertGrant("d", "u", Room.PROJECT));
        room.ask(new AccountRows.InsertGrant("d", "u", Room.PROJECT));
        assertThat(room.failure(new AccountRows.InsertGrant("d", "x", Room.PROJECT)))
                .isEqualTo(new Failure.NotFound("user", "x"));
        assertThat(room.failure(new AccountRows.InsertGrant("d", "u", new ProjectId("x"))))
                .isEqualTo(new Failure.NotFound("project", "x"));
        room.ask(new AccountRows.UpdatePassword("d", "u", new Secret("new")));
        User changed = room.ask(new AccountRows.SelectUser("d", "u")).user();
        assertThat(changed.passwordHash()).isEqualTo(new Secret("new"));
        assertThat(changed.passwordSince()).isAfter(Room.NOW);
        room.ask(new AccountRows.DeleteUserRow("d", "u"));
        assertThat(room.failure(new AccountRows.SelectUser("d", "u"))).isEqualTo(new Failure.NotFound("user", "u"));
    }

    @Test
    void keysAreFoundWithTheirProject() {
        room.ask(new AccountRows.InsertKey(Room.key("k")));

        assertThat(room.ask(new AccountRows.SelectKey("k")).key()).isEqualTo(Room.key("k"));
        assertThat(room.ask(new AccountRows.SelectKey("k")).project().name()).isEqualTo("one");
        assertThat(room.ask(new AccountRows.SelectKeys(Room.PROJECT)).keys()).containsExactly(Room.key("k"));
        assertThat(room.failure(new AccountRows.InsertKey(Room.key("k"))))
                .isEqualTo(new Failure.AlreadyExists("access key", "k"));
        room.ask(new AccountRows.DeleteKeyRow("k"));
        assertThat(room.failure(new AccountRows.SelectKey("k"))).isEqualTo(new Failure.NotFound("access key", "k"));
    }

    @Test
    void anotherMasterKeyIsRefused() {
        RepositoryVerticle wrong = new RepositoryVerticle(Room.settings(uri), Room.vault(2));

        assertThatThrownBy(() -> room.await(room.vertx.deployVerticle(wrong)))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining(Room.vault(2).fingerprint());
    }
}
