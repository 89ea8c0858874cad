package org.legosim.kernel.signal;

import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/**
 * What signals charge beside the calls around them. A frame's bytes are kernel.costs.copyUser, its pages
 * may fault; the registers in it are kernel.fpu.save and kernel.fpu.restore.
 */
public record SignalCosts(
    @Parameter(
        key = "kernel.costs.signalDelivery",
        unit = Unit.PS,
        defaultValue = "100 ns",
        doc =
            "Delivering a signal: the handlers' lock, taking it off its queue, the mask, the registers for the handler.",
        source =
            "none found; with the frame written and read (1.3 KB each) and XSAVE and XRSTOR 0.6 us",
        status = Status.ASSUMED)
    Constant delivery,

    @Parameter(
        key = "kernel.costs.signalReturn",
        unit = Unit.PS,
        defaultValue = "75 ns",
        doc = "Body of rt_sigreturn without reading the frame: the mask, the registers.",
        source = "none found; a little less than the delivery, which takes a queue's lock as well",
        status = Status.ASSUMED)
    Constant sigreturn) {}
