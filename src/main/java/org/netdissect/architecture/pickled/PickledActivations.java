package org.netdissect.architecture.pickled;

import java.util.Map;
import org.netdissect.torchscript.assembly.ModuleBuilder;

/** Activations of torch.nn as a pickle has them (torch/nn/modules/activation.py). */
final class PickledActivations {
    private PickledActivations() {}

    static void addTo(Map<String, PickledLayer.Reader> layers) {
        layers.put("ReLU", layer -> layer.function("torch.relu(x)"));
        layers.put("ReLU6", layer -> layer.function("torch.hardtanh(x, 0., 6.)"));
        layers.put("LeakyReLU", layer -> layer.function("torch.leaky_relu(x, " + layer.real("negative_slope") + ")"));
        layers.put("ELU", layer -> layer.function("torch.elu(x, " + layer.real("alpha", 1) + ")"));
        layers.put("CELU", layer -> layer.function("torch.celu(x, " + layer.real("alpha", 1) + ")"));
        layers.put("SELU", layer -> layer.function("torch.selu(x)"));
        layers.put(
                "GELU",
                layer -> layer.function(
                        layer.text("approximate", "none").equals("tanh")
                                ? "torch.gelu(x, approximate=\"tanh\")"
                                : "torch.gelu(x)"));
        layers.put("SiLU", layer -> layer.function("torch.silu(x)"));
        layers.put("Mish", layer -> layer.function("torch.mish(x)"));
        layers.put("Hardswish", layer -> layer.function("torch.hardswish(x)"));
        layers.put("Hardsigmoid", layer -> layer.function("torch.hardsigmoid(x)"));
        layers.put(
                "Hardtanh",
                layer -> layer.function(
                        "torch.hardtanh(x, " + layer.real("min_val") + ", " + layer.real("max_val") + ")"));
        layers.put("Hardshrink", layer -> layer.function("torch.hardshrink(x, " + layer.real("lambd") + ")"));
        layers.put("Softshrink", layer -> layer.function("torch.softshrink(x, " + layer.real("lambd") + ")"));
        layers.put("Tanhshrink", layer -> layer.function("torch.sub(x, torch.tanh(x))"));
        layers.put("Sigmoid", layer -> layer.function("torch.sigmoid(x)"));
        layers.put("LogSigmoid", layer -> layer.function("torch.log_sigmoid(x)"));
        layers.put("Tanh", layer -> layer.function("torch.tanh(x)"));
        layers.put("Softsign", layer -> layer.function("torch.div(x, torch.add(torch.abs(x), 1))"));
        layers.put(
                "Softplus",
                layer -> layer.function(
                        "torch.softplus(x, " + layer.real("beta", 1) + ", " + layer.real("threshold", 20) + ")"));
        layers.put(
                "Threshold",
                layer -> layer.function(
                        "torch.threshold(x, " + layer.real("threshold") + ", " + layer.real("value") + ")"));
        layers.put("PReLU", layer -> {
            ModuleBuilder builder = layer.builder();
            return builder.returns("torch.prelu(x, " + layer.parameter(builder, "weight") + ")")
                    .build();
        });
        layers.put("RReLU", layer -> {
            // evaluation takes the middle of the slopes
            double slope = (Double.parseDouble(layer.real("lower")) + Double.parseDouble(layer.real("upper"))) / 2;
            return layer.function("torch.leaky_relu(x, " + slope + ")");
        });
        layers.put("Softmax", layer -> layer.function("torch.softmax(x, " + dimension(layer) + ")"));
        layers.put("Softmin", layer -> layer.function("torch.softmax(torch.neg(x), " + dimension(layer) + ")"));
        layers.put("LogSoftmax", layer -> layer.function("torch.log_softmax(x, " + dimension(layer) + ")"));
        layers.put("Softmax2d", layer -> layer.function("torch.softmax(x, -3)"));
        layers.put("GLU", layer -> layer.function("torch.glu(x, " + layer.whole("dim") + ")"));
    }

    // without a dimension, PyTorch takes that of the channels or classes of two or four dimensions
    private static long dimension(PickledLayer layer) {
        return layer.lacks("dim") ? 1 : layer.whole("dim");
    }
}
