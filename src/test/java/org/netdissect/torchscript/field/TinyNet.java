package org.netdissect.torchscript.field;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.base.GridSize;
import org.netdissect.torchscript.TinyArchive;
import org.netdissect.torchscript.TorchScriptArchive;

/** Hand-written networks in the form that PyTorch traces or scripts. Every layer is a submodule of the network. */
final class TinyNet {
    private static final String[] FORMS = {
        "torch._convolution(x, weight, None, %s, %s, %s, False, [0, 0], 1, False, False, True, True)",
        "torch.conv2d(x, weight, None, %s, %s, %s)"
    };

    private final boolean scripted;
    private final Map<String, String> classes = new LinkedHashMap<>();
    private final List<String> weights = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    TinyNet(boolean scripted) {
        this.scripted = scripted;
    }

    /** Adds {@code x = NAME(x)} with a square convolution. */
    TinyNet conv(String name, int kernel, int stride, int padding) {
        return convolution(name, kernel, stride, padding, 1).then(name);
    }

    /** Declares a square convolution. */
    TinyNet convolution(String name, int kernel, int stride, int padding, int dilation) {
        weights.add(name + ".weight");
        weights.add("1,1," + kernel + "," + kernel);
        String form = String.format(FORMS[scripted ? 1 : 0], pair(stride), pair(padding), pair(dilation));
        return module(name, "    weight = self.weight\n    return " + form + "\n", "  weight : Tensor\n");
    }

    /** Adds {@code x = NAME(x)} with a max pooling. */
    TinyNet pool(String name, int kernel, int stride, int padding, boolean ceil) {
        String pooled = "torch.max_pool2d(x, " + pair(kernel) + ", " + pair(stride) + ", " + pair(padding)
                + ", [1, 1], " + (ceil ? "True" : "False") + ")";
        return module(name, "    return " + pooled + "\n", "").then(name);
    }

    /** Declares a module by the lines of its forward(x) and of its attributes. */
    TinyNet module(String name, String body, String attributes) {
        classes.put(
                name,
                "class M_" + name + "(Module):\n" + attributes + "  def forward(self, x: Tensor) -> Tensor:\n" + body);
        return this;
    }

    /** Declares a module of one expression in x. */
    TinyNet module(String name, String expression) {
        return module(name, "    return " + expression + "\n", "");
    }

    /** Adds {@code x = NAME(x)}. */
    TinyNet then(String name) {
        return line("x = (self." + name + ").forward(x, )");
    }

    /** Adds a line of the network's forward. */
    TinyNet line(String line) {
        lines.add("    " + line + "\n");
        return this;
    }

    private static String pair(int value) {
        return "[" + value + ", " + value + "]";
    }

    String source() {
        StringBuilder source = new StringBuilder();
        classes.values().forEach(source::append);
        source.append("class Net(Module):\n");
        classes.keySet().forEach(name -> source.append("  " + name + " : __torch__.M_" + name + "\n"));
        source.append("  def forward(self, x: Tensor) -> Tensor:\n");
        lines.forEach(source::append);
        return source + "    return x\n";
    }

    ReceptiveFields fields(Path folder, int height, int width) throws IOException {
        Path file = new TinyArchive()
                .code(source())
                .tensors(weights.toArray(String[]::new))
                .writeTo(folder);
        return ReceptiveFields.of(TorchScriptArchive.open(file), new GridSize(height, width));
    }

    /** Text {@code size stride centre} of a layer's fields, or the reason why it has none. */
    static String text(ReceptiveFields fields, String layer) {
        return fields.of(layer)
                .map(field -> text(field.rows())
                        + (field.rows().equals(field.columns()) ? "" : " by " + text(field.columns()))
                        + (field.wholeImage() ? " and all" : ""))
                .orElseGet(() -> fields.obstacle(layer));
    }

    private static String text(FieldAxis axis) {
        return axis.size() + " " + axis.stride() + " " + axis.centre();
    }
}
