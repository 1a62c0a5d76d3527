package org.netdissect.pipeline;

import java.io.IOException;
import java.util.Optional;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.LayerWriter;
import org.netdissect.activation.MapScan;
import org.netdissect.activation.Precision;
import org.netdissect.activation.SharedScan;
import org.netdissect.activation.SpanWriter;
import org.netdissect.activation.ThresholdSelector;
import org.netdissect.base.RunException;
import org.netdissect.broden.ProbeSet;
import org.netdissect.network.LayerOutput;

/** Where one layer's outputs go: to the selector of its thresholds and to the cache. */
final class LayerSink {
    private final LayerWriter writer;
    private final Optional<ThresholdSelector> selector;
    private final SharedScan scan;
    private final ProbeSet probe;
    private final Precision precision;

    LayerSink(LayerWriter writer, Optional<ThresholdSelector> selector, ProbeSet probe, Precision precision) {
        this.writer = writer;
        this.selector = selector;
        this.scan = new SharedScan(selector, writer.shape());
        this.probe = probe;
        this.precision = precision;
    }

    LayerWriter writer() {
        return writer;
    }

    Optional<ThresholdSelector> selector() {
        return selector;
    }

    /** Takes one batch, on any thread. */
    void accept(int firstImage, int images, LayerOutput output, SpanWriter span) throws IOException {
        ActivationShape shape = writer.shape();
        if (output.units() != shape.units() || !output.map().equals(shape.map())) {
            throw new RunException("layer " + writer.layer() + ": output of " + output.units() + " units and "
                    + output.map() + " maps at image " + (firstImage + 1) + ", before " + shape.units() + " and "
                    + shape.map() + "; the network's output must not depend on the image");
        }
        ActivationBlock block =
                ActivationBlock.computed(firstImage, images, output.units(), output.map(), precision, output.values());
        scan(block);
        span.write(block);
    }

    void scan(ActivationBlock block) {
        MapScan.NotFinite fault = scan.accept(block);
        if (fault != null) {
            String image = probe.images().get(fault.image()).file();
            throw new RunException("layer " + writer.layer() + ", unit " + (fault.unit() + 1) + ": activation "
                    + fault.value() + " at row " + fault.row() + ", column " + fault.column() + " on image " + image
                    + "; thresholds need finite numbers (check the weights"
                    + (precision == Precision.FLOAT16 ? " or use --cache-precision float32" : "")
                    + ")");
        }
    }
}
