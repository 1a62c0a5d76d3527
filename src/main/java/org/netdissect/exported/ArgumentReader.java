package org.netdissect.exported;

import java.util.Map;
import java.util.function.Function;

/** Reads arguments, values of many kinds (torch/_export/serde/schema.py, Argument). */
final class ArgumentReader {
    private static final String TENSOR = "Tensor";
    private static final String OPTIONAL_TENSOR = "Optional[Tensor]";
    private static final int STRIDED = 7;

    /** Memory formats of TorchScript by those of archives: contiguous, channels last, the same in 3-D, preserved. */
    private static final Map<Long, Integer> FORMATS = Map.of(1L, 0, 2L, 2, 3L, 3, 4L, 1);

    private ArgumentReader() {}

    static GraphArgument read(JsonPart part) {
        JsonPart.Choice choice = part.choice();
        JsonPart value = choice.value();
        return switch (choice.kind()) {
            case "as_none" -> new GraphArgument.None();
            case "as_tensor" -> tensor(value);
            case "as_tensors" -> items(value, TENSOR, ArgumentReader::tensor);
            case "as_optional_tensor" -> read(value);
            case "as_optional_tensors" -> items(value, OPTIONAL_TENSOR, ArgumentReader::read);
            case "as_int" -> whole(value);
            case "as_ints" -> items(value, "int", ArgumentReader::whole);
            case "as_float" -> real(value);
            case "as_floats" -> items(value, "float", ArgumentReader::real);
            case "as_bool" -> flag(value);
            case "as_bools" -> items(value, "bool", ArgumentReader::flag);
            case "as_string" -> text(value);
            case "as_strings" -> items(value, "str", ArgumentReader::text);
            case "as_sym_int", "as_sym_bool", "as_sym_float" -> size(value);
            case "as_sym_ints" -> items(value, "int", ArgumentReader::size);
            case "as_sym_bools" -> items(value, "bool", ArgumentReader::size);
            case "as_sym_floats" -> items(value, "float", ArgumentReader::size);
            case "as_scalar_type" -> new GraphArgument.TypeCode(ScalarType.of(value.whole()));
            case "as_memory_format" -> format(value);
            case "as_layout" -> new GraphArgument.LayoutCode(value.whole() == STRIDED);
            case "as_device" -> new GraphArgument.Device();
            default -> new GraphArgument.Foreign(choice.kind());
        };
    }

    private static GraphArgument items(JsonPart list, String type, Function<JsonPart, GraphArgument> item) {
        return new GraphArgument.Items(type, list.items().stream().map(item).toList());
    }

    private static GraphArgument tensor(JsonPart part) {
        return new GraphArgument.TensorName(part.at("name").text());
    }

    private static GraphArgument whole(JsonPart part) {
        return new GraphArgument.Whole(part.whole());
    }

    private static GraphArgument real(JsonPart part) {
        return new GraphArgument.Real(part.real());
    }

    private static GraphArgument flag(JsonPart part) {
        return new GraphArgument.Flag(part.flag());
    }

    private static GraphArgument text(JsonPart part) {
        return new GraphArgument.Text(part.text());
    }

    private static GraphArgument format(JsonPart part) {
        Integer code = FORMATS.get(part.whole());
        if (code == null) {
            throw part.wrong("is no memory format");
        }
        return new GraphArgument.FormatCode(code);
    }

    /** A named size, or a number in its place. */
    private static GraphArgument size(JsonPart part) {
        JsonPart.Choice choice = part.choice();
        return switch (choice.kind()) {
            case "as_name" -> new GraphArgument.SizeName(choice.value().text());
            case "as_int" -> whole(choice.value());
            case "as_float" -> real(choice.value());
            case "as_bool" -> flag(choice.value());
            default -> throw part.wrong("is no size");
        };
    }
}
