package org.netdissect.align;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.netdissect.base.Digests;

/** Tells apart results of alignment that may differ. */
public final class AlignmentKey {
    private static final int DIGITS = 32;

    private AlignmentKey() {}

    /**
     * A digest of all that the counts and the order of the top images depend on. How many images are kept is not among it.
     *
     * @param activations {@link org.netdissect.activation.CachedLayer#digest} of the target's source
     * @param labels {@link org.netdissect.labels.LabelSource#labelsDigest}
     * @return 32 hexadecimal digits
     */
    public static String of(Alignment.Target target, AlignmentRules rules, String activations, String labels) {
        ImageParts parts = target.parts();
        StringBuilder text = new StringBuilder();
        for (Object each : new Object[] {
            AlignmentCodec.VERSION,
            activations,
            labels,
            rules,
            target.shape(),
            target.placement(),
            target.tail(),
            parts.names().size()
        }) {
            text.append(each).append('\n');
        }
        parts.names().forEach(name -> text.append(name.length()).append(' ').append(name));
        int units = target.shape().units();
        int images = target.shape().images();
        ByteBuffer numbers = ByteBuffer.allocate((units + images) * Integer.BYTES);
        for (int unit = 0; unit < units; unit++) {
            numbers.putInt(Float.floatToRawIntBits(target.thresholds().of(unit)));
        }
        for (int image = 0; image < images; image++) {
            numbers.putInt(parts.of(image));
        }
        MessageDigest digest = Digests.sha256();
        digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
        digest.update(numbers.flip());
        return Digests.hex(digest).substring(0, DIGITS);
    }
}
