package org.netdissect.architecture.family;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Layers of {@code torch.nn}, with its defaults and in evaluation mode. */
final class Layers {
    private static final String ACTIVATION = "torch.nn.modules.activation.";
    private static final String POOLING = "torch.nn.modules.pooling.";
    private static final double BATCH_NORM_EPS = 1e-5;

    private Layers() {}

    /**
     * Settings of a convolution over square windows.
     *
     * @param bias whether a bias is added
     */
    record Conv(int in, int out, int kernel, int stride, int padding, int dilation, int groups, boolean bias) {
        /** Without padding, with stride 1 and a bias. */
        Conv(int in, int out, int kernel) {
            this(in, out, kernel, 1, 0, 1, 1, true);
        }

        Conv stride(int steps) {
            return new Conv(in, out, kernel, steps, padding, dilation, groups, bias);
        }

        Conv padding(int cells) {
            return new Conv(in, out, kernel, stride, cells, dilation, groups, bias);
        }

        Conv dilation(int steps) {
            return new Conv(in, out, kernel, stride, padding, steps, groups, bias);
        }

        Conv groups(int count) {
            return new Conv(in, out, kernel, stride, padding, dilation, count, bias);
        }

        Conv withoutBias() {
            return new Conv(in, out, kernel, stride, padding, dilation, groups, false);
        }

        ModuleSpec build() {
            return conv2d(
                    in, out, new int[] {kernel, kernel}, stride, new int[] {padding, padding}, dilation, groups, bias);
        }
    }

    /** A convolution; {@code kernel} and {@code padding} are [height, width]. */
    static ModuleSpec conv2d(
            int in, int out, int[] kernel, int stride, int[] padding, int dilation, int groups, boolean bias) {
        ModuleBuilder conv = new ModuleBuilder("torch.nn.modules.conv.Conv2d")
                .parameter("weight", out, in / groups, kernel[0], kernel[1]);
        if (bias) {
            conv.parameter("bias", out);
        }
        return conv.returns("torch.conv2d(x, self.weight, " + (bias ? "self.bias" : "None") + ", [" + stride + ", "
                        + stride + "], [" + padding[0] + ", " + padding[1] + "], [" + dilation + ", " + dilation
                        + "], " + groups + ")")
                .build();
    }

    static ModuleSpec linear(int in, int out) {
        return linear(in, out, true);
    }

    static ModuleSpec linear(int in, int out, boolean bias) {
        return linear("torch.nn.modules.linear.Linear", in, out, bias);
    }

    static ModuleSpec linear(String type, int in, int out, boolean bias) {
        ModuleBuilder linear = new ModuleBuilder(type).parameter("weight", out, in);
        if (bias) {
            linear.parameter("bias", out);
        }
        return linear.returns("torch.linear(x, self.weight, " + (bias ? "self.bias" : "None") + ")")
                .build();
    }

    static ModuleSpec batchNorm(int channels) {
        return batchNorm(channels, BATCH_NORM_EPS);
    }

    static ModuleSpec batchNorm(int channels, double eps) {
        return batchNorm("torch.nn.modules.batchnorm.BatchNorm2d", channels)
                .returns(normalised(eps))
                .build();
    }

    /** The tensors of a subclass of batch norm; its code uses {@link #normalised}. */
    static ModuleBuilder batchNorm(String type, int channels) {
        return new ModuleBuilder(type)
                .parameter("weight", channels)
                .parameter("bias", channels)
                .buffer("running_mean", channels)
                .buffer("running_var", channels);
    }

    /** The value of a batch norm. */
    static String normalised(double eps) {
        return "torch.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var, False, 0.1, " + eps
                + ", True)";
    }

    /** A layer norm over the last dimension. */
    static ModuleSpec layerNorm(int channels, double eps) {
        return new ModuleBuilder("torch.nn.modules.normalization.LayerNorm")
                .parameter("weight", channels)
                .parameter("bias", channels)
                .returns("torch.layer_norm(x, [" + channels + "], self.weight, self.bias, " + eps + ", True)")
                .build();
    }

    static ModuleSpec gelu() {
        return function(ACTIVATION + "GELU", "torch.gelu(x)");
    }

    static ModuleSpec relu() {
        return function(ACTIVATION + "ReLU", "torch.relu(x)");
    }

    static ModuleSpec relu6() {
        return function(ACTIVATION + "ReLU6", "torch.hardtanh(x, 0., 6.)");
    }

    static ModuleSpec hardswish() {
        return function(ACTIVATION + "Hardswish", "torch.hardswish(x)");
    }

    static ModuleSpec hardsigmoid() {
        return function(ACTIVATION + "Hardsigmoid", "torch.hardsigmoid(x)");
    }

    static ModuleSpec silu() {
        return function(ACTIVATION + "SiLU", "torch.silu(x)");
    }

    static ModuleSpec sigmoid() {
        return function(ACTIVATION + "Sigmoid", "torch.sigmoid(x)");
    }

    /** A pooling over the greatest values of square windows. */
    static ModuleSpec maxPool(int kernel, int stride, int padding, boolean ceil) {
        return function(
                POOLING + "MaxPool2d",
                "torch.max_pool2d(x, [" + kernel + ", " + kernel + "], [" + stride + ", " + stride + "], [" + padding
                        + ", " + padding + "], [1, 1], " + (ceil ? "True" : "False") + ")");
    }

    /** A pooling over means of square windows. */
    static ModuleSpec avgPool(int kernel, int stride) {
        return function(
                POOLING + "AvgPool2d",
                "torch.avg_pool2d(x, [" + kernel + ", " + kernel + "], [" + stride + ", " + stride + "])");
    }

    static ModuleSpec adaptiveAvgPool(int height, int width) {
        return function(POOLING + "AdaptiveAvgPool2d", "torch.adaptive_avg_pool2d(x, [" + height + ", " + width + "])");
    }

    /** All dimensions but the first become one. */
    static ModuleSpec flatten() {
        return function("torch.nn.modules.flatten.Flatten", "torch.flatten(x, 1)");
    }

    /** Dropout, which hands on its input in evaluation mode. */
    static ModuleSpec dropout() {
        return function("torch.nn.modules.dropout.Dropout", ModuleBuilder.INPUT);
    }

    static ModuleSpec identity() {
        return function("torch.nn.modules.linear.Identity", ModuleBuilder.INPUT);
    }

    /** A module without tensors whose output is a value of {@code x}. */
    static ModuleSpec function(String type, String value) {
        return new ModuleBuilder(type).returns(value).build();
    }

    /** Modules that run one after the other, named 0, 1, ... */
    static ModuleSpec sequential(List<ModuleSpec> modules) {
        return sequential("torch.nn.modules.container.Sequential", modules);
    }

    /** Modules of a subclass of {@code Sequential} that run one after the other, named 0, 1, ... */
    static ModuleSpec sequential(String type, List<ModuleSpec> modules) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < modules.size(); i++) {
            names.add(Integer.toString(i));
        }
        ModuleBuilder sequential = new ModuleBuilder(type);
        for (int i = 0; i < names.size(); i++) {
            sequential.child(names.get(i), modules.get(i));
        }
        return sequential.runAll().build();
    }

    static ModuleSpec sequential(ModuleSpec... modules) {
        return sequential(List.of(modules));
    }

    /** Modules that run one after the other, by name and in order. */
    static ModuleSpec sequential(Map<String, ModuleSpec> modules) {
        ModuleBuilder sequential = new ModuleBuilder("torch.nn.modules.container.Sequential");
        modules.forEach(sequential::child);
        return sequential.runAll().build();
    }
}
