package org.netdissect.align;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.Digests;

/** Keys of results of alignment; results that may differ have different keys. */
public final class AlignmentKey {
    private static final int DIGITS = 32;

    private AlignmentKey() {}

    /**
     * A digest of everything that the counts and the order of the top images depend on. The number of images kept is
     * not part of it.
     *
     * @param shape of the activations
     * @param parts parts of the images, counted separately
     * @param activations {@link org.netdissect.activation.cache.CachedLayer#digest} of the target's source
     * @param labels {@link org.netdissect.labels.LabelSource#labelsDigest}
     * @return 32 hexadecimal digits
     */
    public static String of(
            Alignment.Target target,
            ActivationShape shape,
            ImageParts parts,
            AlignmentRules rules,
            String activations,
            String labels) {
        Thresholds thresholds = target.rule().thresholds();
        Thresholds signed = target.negated() ? thresholds.negated() : thresholds; // with the signs of the layer
        StringBuilder text = new StringBuilder();
        for (Object each : new Object[] {
            AlignmentCodec.VERSION,
            activations,
            labels,
            rules,
            shape,
            target.rule().placement(),
            target.negated() ? "lower" : "upper",
            parts.names().size()
        }) {
            text.append(each).append('\n');
        }
        parts.names().forEach(name -> text.append(name.length()).append(' ').append(name));
        ByteBuffer numbers = ByteBuffer.allocate((shape.units() + shape.images()) * Integer.BYTES);
        for (int unit = 0; unit < shape.units(); unit++) {
            numbers.putInt(Float.floatToRawIntBits(signed.of(unit)));
        }
        for (int image = 0; image < shape.images(); image++) {
            numbers.putInt(parts.of(image));
        }
        MessageDigest digest = Digests.sha256();
        digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
        digest.update(numbers.flip());
        return Digests.hex(digest).substring(0, DIGITS);
    }

    /** The key of the least activating images of the result with key {@code key}. */
    public static String least(String key) {
        MessageDigest digest = Digests.sha256();
        digest.update((key + "\nleast images 1").getBytes(StandardCharsets.UTF_8));
        return Digests.hex(digest).substring(0, DIGITS);
    }
}
