// SPDX-License-Identifier: Apache-2.0
package dev.downlink.bus;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells Jackson what a sealed interface already says: its records, by name. Keeps annotations out of the protocol. */
final class SealedTypes extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable TypeResolverBuilder<?> findTypeResolver(
            MapperConfig<?> config, AnnotatedClass type, JavaType base) {
        if (!isOurs(type.getRawType())) {
            return super.findTypeResolver(config, type, base);
        }
        return new StdTypeResolverBuilder()
                .init(JsonTypeInfo.Id.NAME, null)
                .inclusion(JsonTypeInfo.As.PROPERTY)
                .typeProperty("@");
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(Annotated type) {
        return isOurs(type.getRawType()) ? records(type.getRawType()) : super.findSubtypes(type);
    }

    private static boolean isOurs(Class<?> type) {
        return type.isInterface() && type.isSealed() && type.getName().startsWith("dev.downlink.");
    }

    private static List<NamedType> records(Class<?> sealed) {
        List<NamedType> found = new ArrayList<>();
        for (Class<?> type : Arrays.asList(sealed.getPermittedSubclasses())) {
            if (type.isSealed()) {
                found.addAll(records(type));
            } else {
                found.add(new NamedType(type, type.getSimpleName()));
            }
        }
        return found;
    }
}
