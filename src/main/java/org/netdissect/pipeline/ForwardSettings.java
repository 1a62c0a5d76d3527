package org.netdissect.pipeline;

import java.util.TreeMap;
import org.netdissect.activation.ActivationCache;
import org.netdissect.activation.CacheIdentity;
import org.netdissect.activation.Precision;
import org.netdissect.base.GridSize;
import org.netdissect.network.MemoryFormat;
import org.netdissect.network.Preprocessing;

/**
 * What a forward pass depends on, layers aside. The pass runs with this record and the cache key is made of it, so that
 * neither can forget a field.
 *
 * @param model SHA-256 of the archive
 * @param images SHA-256 over names and bytes of the images, in order
 * @param imageCount number of images
 * @param preprocessing from pixels to input
 * @param inputSize of the network; images of another size are resized
 * @param batch images per forward pass: the engine's last digits depend on it
 * @param format order of maps in memory where the network takes it, which it shows on the first images
 * @param engine name, version and kind of device
 * @param precision of the stored activations
 */
record ForwardSettings(
        String model,
        String images,
        int imageCount,
        Preprocessing preprocessing,
        GridSize inputSize,
        int batch,
        MemoryFormat format,
        String engine,
        Precision precision) {

    CacheIdentity identity() {
        TreeMap<String, String> fields = new TreeMap<>();
        fields.put("format", Integer.toString(ActivationCache.FORMAT_VERSION));
        fields.put("model", model);
        fields.put("images", images);
        fields.put("image-count", Integer.toString(imageCount));
        fields.put("channels", preprocessing.channels().toString());
        fields.put("pixel-scale", Float.toString(preprocessing.pixelScale()));
        fields.put("mean", preprocessing.mean().toString());
        fields.put("std", preprocessing.std().toString());
        fields.put("input-size", inputSize.toString());
        fields.put("batch", Integer.toString(batch));
        fields.put("memory-format", format.toString());
        fields.put("engine", engine);
        fields.put("precision", precision.toString());
        return new CacheIdentity(fields);
    }
}
