package org.netdissect.dissect;

import java.io.IOException;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.cache.LayerWriter;
import org.netdissect.activation.cache.SpanWriter;
import org.netdissect.network.LayerOutput;

/**
 * Where one layer's outputs go: to the selector of its thresholds and to the cache.
 *
 * @param writer of the cache
 * @param scan with the selector, if one fits into memory
 */
record LayerSink(LayerWriter writer, LayerScan scan) {

    /** Takes one batch, on any thread. */
    void accept(int firstImage, int images, LayerOutput output, SpanWriter span) throws IOException {
        ActivationBlock block = scan.block(firstImage, images, output);
        scan.scan(block);
        span.write(block);
    }
}
