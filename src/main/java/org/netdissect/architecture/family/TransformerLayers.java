package org.netdissect.architecture.family;

import java.util.List;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Layers that torchvision's transformers and ConvNeXt share (torchvision/ops). */
final class TransformerLayers {
    private static final String OPS = "torchvision.ops.";

    private TransformerLayers() {}

    /** Dimensions in another order, such as {@code 0, 2, 3, 1} for channels last. */
    static ModuleSpec permute(Integer... order) {
        return Layers.function(OPS + "misc.Permute", "torch.permute(x, " + List.of(order) + ")");
    }

    /** Two linear layers with a GELU between them. */
    static ModuleSpec mlp(String type, int channels, int hidden) {
        return Layers.sequential(
                type,
                List.of(
                        Layers.linear(channels, hidden),
                        Layers.gelu(),
                        Layers.dropout(),
                        Layers.linear(hidden, channels),
                        Layers.dropout()));
    }

    static ModuleSpec mlp(int channels, int hidden) {
        return mlp(OPS + "misc.MLP", channels, hidden);
    }

    /**
     * {@code torch.nn.MultiheadAttention} from every token to every other; {@code out_proj} is never called, since
     * PyTorch's code takes its tensors directly.
     */
    static ModuleSpec attention(int width, int heads) {
        ModuleBuilder attention = new ModuleBuilder("torch.nn.modules.activation.MultiheadAttention")
                .parameter("in_proj_weight", 3L * width, width)
                .parameter("in_proj_bias", 3L * width)
                .child(
                        "out_proj",
                        Layers.linear("torch.nn.modules.linear.NonDynamicallyQuantizableLinear", width, width, true))
                .let("qkv", "torch.linear(x, self.in_proj_weight, self.in_proj_bias)");
        return attended(attention, width, heads)
                .returns("torch.linear(y, self.out_proj.weight, self.out_proj.bias)")
                .build();
    }

    /** Assigns the tokens that attention of {@code qkv} makes of {@code x} to {@code y}. */
    static ModuleBuilder attended(ModuleBuilder attention, int width, int heads) {
        int each = width / heads;
        return attention
                .let("tokens", "torch.size(x, 1)")
                .let("qkv", "torch.reshape(qkv, [-1, tokens, 3, " + heads + ", " + each + "])")
                .let("qkv", "torch.permute(qkv, [2, 0, 3, 1, 4])")
                .let("q", "torch.div(torch.select(qkv, 0, 0), " + Math.sqrt(each) + ")")
                .let("weights", "torch.matmul(q, torch.transpose(torch.select(qkv, 0, 1), -2, -1))")
                .let("weights", "torch.softmax(weights, -1)")
                .let("y", "torch.transpose(torch.matmul(weights, torch.select(qkv, 0, 2)), 1, 2)")
                .let("y", "torch.reshape(y, [-1, tokens, " + width + "])");
    }
}
