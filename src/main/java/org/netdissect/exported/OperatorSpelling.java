package org.netdissect.exported;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Another spelling of an operator: that of its usual form, which computes the same.
 *
 * @param name in TorchScript, such as {@code torch.batch_norm}
 * @param arguments in order: {@code name}, {@code name|other name}, {@code name?text if left out}, {@code =text},
 *     {@code keyword:name}
 */
record OperatorSpelling(String name, List<String> arguments) {
    /** Operators of decomposed graphs ({@code run_decompositions}); of several outputs, only the first may be used. */
    private static final String ATEN = """
            _native_batch_norm_legit_no_training = batch_norm input weight bias running_mean running_var =False momentum eps =False
            native_batch_norm = batch_norm input weight bias running_mean running_var =False momentum eps =False
            native_layer_norm = layer_norm input normalized_shape weight bias eps
            native_group_norm = group_norm input group weight bias eps
            max_pool2d_with_indices = max_pool2d self kernel_size stride padding dilation ceil_mode
            _scaled_dot_product_flash_attention_for_cpu = scaled_dot_product_attention query key value attn_mask =0. \
            is_causal?False scale:scale
            _scaled_dot_product_flash_attention = scaled_dot_product_attention query key value =None =0. is_causal?False scale:scale
            _scaled_dot_product_efficient_attention = scaled_dot_product_attention query key value attn_bias =0. \
            is_causal?False scale:scale
            _scaled_dot_product_attention_math = scaled_dot_product_attention query key value attn_mask =0. is_causal?False scale:scale
            """;

    private static final String ONE_OUTPUT = """
            _softmax = softmax self dim
            _log_softmax = log_softmax self dim
            _adaptive_avg_pool2d = adaptive_avg_pool2d self output_size
            _unsafe_index = index self indices
            lift_fresh_copy = clone self
            lift_fresh = alias self
            lift = alias self
            sym_size = size self dim
            sym_stride = stride self dim
            sym_numel = numel self
            sym_storage_offset = storage_offset self
            """;

    /** Python's functions on sizes. */
    private static final String PYTHON = """
            _operator.add = torch.add a b
            _operator.sub = torch.sub a b
            _operator.mul = torch.mul a b
            _operator.floordiv = torch.floordiv a b
            _operator.truediv = torch.div a b
            _operator.mod = torch.remainder a b
            _operator.neg = torch.neg a
            _operator.eq = torch.eq a b
            _operator.ne = torch.ne a b
            _operator.lt = torch.lt a b
            _operator.le = torch.le a b
            _operator.gt = torch.gt a b
            _operator.ge = torch.ge a b
            math.floor = torch.floor a|x
            math.ceil = torch.ceil a|x
            torch.sym_float = float a
            torch.sym_int = int a
            torch.sym_max = ops.prim.max a b
            torch.sym_min = ops.prim.min a b
            prims.convert_element_type = torch.to a dtype
            """;

    private static final Map<String, OperatorSpelling> FIRST_OUTPUT = table(ATEN, "aten.", "torch.");
    private static final Map<String, OperatorSpelling> ALL = new HashMap<>();

    static {
        ALL.putAll(table(ONE_OUTPUT, "aten.", "torch."));
        ALL.putAll(table(PYTHON, "", ""));
    }

    /**
     * The spelling of an operator; empty if it is its own.
     *
     * @param firstOnly whether none of its outputs is used but the first
     */
    static Optional<OperatorSpelling> of(OperatorName operator, boolean firstOnly) {
        String key = operator.namespace() + "." + operator.name();
        OperatorSpelling spelling = firstOnly && FIRST_OUTPUT.containsKey(key) ? FIRST_OUTPUT.get(key) : ALL.get(key);
        return Optional.ofNullable(spelling);
    }

    private static Map<String, OperatorSpelling> table(String lines, String namespace, String prefix) {
        Map<String, OperatorSpelling> table = new HashMap<>();
        lines.lines().forEach(line -> {
            String[] sides = line.split(" = ");
            List<String> words = List.of(sides[1].split(" +"));
            table.put(
                    namespace + sides[0], new OperatorSpelling(prefix + words.get(0), words.subList(1, words.size())));
        });
        return table;
    }
}
