package org.netdissect.network;

import java.nio.ByteBuffer;
import org.netdissect.base.GridSize;

/**
 * What one layer gave for a batch.
 *
 * @param units number of channels
 * @param map size of one unit's activation map
 * @param values native-order float32 {@code [images][units][map cells]}, outside the Java heap; valid until the {@link
 *     LayerOutputs} are closed
 */
public record LayerOutput(int units, GridSize map, ByteBuffer values) {}
