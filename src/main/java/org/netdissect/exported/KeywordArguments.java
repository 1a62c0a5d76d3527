package org.netdissect.exported;

import java.util.Map;
import java.util.Set;

/**
 * Tells which arguments operators take by keyword only. Overloads are chosen by arguments: {@code torch.add(a, b, 1)}
 * would be another operator than {@code torch.add(a, b, alpha=1)}. Archives before schema 8.3 do not tell.
 *
 * <p>Source: the arguments behind {@code *} in aten/src/ATen/native/native_functions.yaml.
 */
final class KeywordArguments {
    private static final Set<String> ALWAYS = Set.of(
            "alpha",
            "beta",
            "dtype",
            "layout",
            "device",
            "pin_memory",
            "memory_format",
            "approximate",
            "generator",
            "rounding_mode",
            "correction",
            "scale",
            "enable_gqa",
            "interpolation",
            "indexing",
            "stable",
            "attn_mask");

    /** Arguments that some operators take by place. */
    private static final Map<String, Set<String>> OF_OPERATORS = Map.of(
            "addcmul", Set.of("value"),
            "addcdiv", Set.of("value"),
            "var", Set.of("keepdim"),
            "std", Set.of("keepdim"),
            "repeat_interleave", Set.of("output_size"),
            "bucketize", Set.of("out_int32", "right"),
            "searchsorted", Set.of("out_int32", "right", "side", "sorter"),
            "gather", Set.of("sparse_grad"),
            "scatter_reduce", Set.of("include_self"));

    private static final Set<String> ATTENTION_BY_PLACE = Set.of("scaled_dot_product_attention");

    private KeywordArguments() {}

    static boolean isKeyword(String operator, GraphNode.Input input) {
        String plain = operator.endsWith("_") ? operator.substring(0, operator.length() - 1) : operator;
        boolean named = ALWAYS.contains(input.name())
                && !(input.name().equals("attn_mask") && ATTENTION_BY_PLACE.contains(operator));
        return input.byKeyword()
                .orElse(named || OF_OPERATORS.getOrDefault(plain, Set.of()).contains(input.name()));
    }
}
