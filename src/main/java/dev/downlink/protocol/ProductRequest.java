// SPDX-License-Identifier: Apache-2.0
package dev.downlink.protocol;

import dev.downlink.model.CustomTopic;
import dev.downlink.model.MessageCache;
import dev.downlink.model.Product;
import dev.downlink.model.ProductId;
import dev.downlink.model.ProjectId;
import dev.downlink.model.ServiceModel;
import dev.downlink.model.SpaceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Products (northbound §1.1). A product id is unique in its space only: without a space the default one is searched first,
 * then the oldest product with that id is taken.
 */
public sealed interface ProductRequest<R extends Record> extends RegistryRequest<R> {

    record CreateProduct(
            ProjectId project,
            @Nullable SpaceId space,
            @Nullable ProductId id,
            Draft draft) implements ProductRequest<ProductView> {}

    record ShowProduct(ProjectId project, @Nullable SpaceId space, ProductId id)
            implements ProductRequest<ProductView> {}

    /** Replaces the fields that the draft has; the others stay. */
    record UpdateProduct(ProjectId project, @Nullable SpaceId space, ProductId id, Draft draft)
            implements ProductRequest<ProductView> {}

    record DeleteProduct(ProjectId project, @Nullable SpaceId space, ProductId id) implements ProductRequest<Done> {}

    /** Adds a custom topic, or replaces the one with the same suffix. */
    record PutTopic(ProjectId project, @Nullable SpaceId space, ProductId id, CustomTopic topic)
            implements ProductRequest<ProductView> {}

    record RemoveTopic(ProjectId project, @Nullable SpaceId space, ProductId id, String suffix)
            implements ProductRequest<ProductView> {}

    /** @param cache absent: as the settings say for all products */
    record SetMessageCache(
            ProjectId project,
            @Nullable SpaceId space,
            ProductId id,
            @Nullable MessageCache cache) implements ProductRequest<ProductView> {}

    /** The fields of a product as a caller sends them, checked one by one but not together. */
    record Draft(
            @Nullable String name,
            @Nullable String deviceType,
            @Nullable String protocolType,
            @Nullable String dataFormat,
            @Nullable String manufacturerName,
            @Nullable String industry,
            @Nullable String description,
            @Nullable List<ServiceModel> services) {}

    record ProductView(Product product, String spaceName) {}
}
