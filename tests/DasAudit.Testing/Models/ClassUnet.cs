using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Testing;

/// <summary>A <see cref="TinyUnet"/> of the classes 0 and 1: each makes pictures brighter or darker.</summary>
internal sealed class ClassUnet(TinyUnet inner) : IDiffusionModel, ITrainable, IConditioned
{
    private const string Brightness = "brightness";

    public nn.Module Network => inner.Network;

    public IForwardProcess Process => inner.Process;

    public ImageShape PictureShape => inner.PictureShape;

    public IReadOnlyList<string> Files => inner.Files;

    public ConditionKind Kind => ConditionKind.ClassLabel;

    public ConditionTensors EncodeConditions(IReadOnlyList<Condition> conditions) =>
        new((Brightness, tensor([.. conditions.Select(BrightnessOf)], [conditions.Count, 1, 1, 1])));

    public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null)
    {
        using var scope = NewDisposeScope();
        return inner.Predict(noisy + condition![Brightness], timesteps).MoveToOuterDisposeScope();
    }

    public void Save(string folder, bool halfPrecision = false) => inner.Save(folder, halfPrecision);

    public void Dispose() => inner.Dispose();

    private static float BrightnessOf(Condition condition) =>
        condition.ClassLabel switch
        {
            0 => -0.5f,
            1 => 0.5f,
            var label => throw new AuditException($"There is no class {label}."),
        };
}
