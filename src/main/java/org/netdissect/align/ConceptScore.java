package org.netdissect.align;

/**
 * Score of a unit's masks against one concept.
 *
 * @param label the concept's number, 0 for none
 * @param truth pixels that carry the label
 * @param activation pixels of the unit's masks in images that hold labels of the concept's category
 * @param intersect pixels that are both
 * @param iou intersect / (truth + activation - intersect), 0 if the union is empty
 */
public record ConceptScore(int label, long truth, long activation, long intersect, double iou) {
    /** No concept at all. */
    public static final ConceptScore NONE = new ConceptScore(0, 0, 0, 0, 0);

    /** The score with these counts. */
    public static ConceptScore of(int label, long truth, long activation, long intersect) {
        long union = truth + activation - intersect;
        return new ConceptScore(label, truth, activation, intersect, union == 0 ? 0 : (double) intersect / union);
    }
}
