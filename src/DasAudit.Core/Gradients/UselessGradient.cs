using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;

namespace DasAudit.Core.Gradients;

/// <summary>The messages about gradients that no feature can be made of.</summary>
internal static class UselessGradient
{
    public static AuditException NotFinite(string picture, Pass pass, string layer) =>
        new(
            $"The gradient of '{picture}' at timestep {pass.Timestep} is not finite in layer {layer}; "
                + $"check the model's weights, or leave that layer out with {Settings.Name("parameters")}."
        );

    public static AuditException Zero(string picture, Pass pass, string function, AttributedParameters parameters) =>
        new(
            $"The gradient of '{picture}' at timestep {pass.Timestep} is zero in every attributed layer, "
                + $"{parameters.Names[0]} first, under the output function {function}; check the model's weights, or "
                + $"select layers that the prediction depends on with {Settings.Name("parameters")}."
        );
}
