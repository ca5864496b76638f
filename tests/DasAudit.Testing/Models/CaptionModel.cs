using System.Security.Cryptography;
using System.Text;
using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Testing;

/// <summary>A <see cref="TinyUnet"/> that takes captions and framings: each adds a colour of its own.</summary>
internal sealed class CaptionModel : IDiffusionModel, IConditioned
{
    public const int Longest = 40;

    private readonly TinyUnet _network = new(3);

    public nn.Module Network => _network.Network;

    public IForwardProcess Process => _network.Process;

    public ImageShape PictureShape => _network.PictureShape;

    public IReadOnlyList<string> Files { get; init; } = [];

    public ConditionKind Kind => ConditionKind.Text;

    public ConditionTensors EncodeConditions(IReadOnlyList<Condition> conditions)
    {
        var colours = conditions.SelectMany(Colour).ToArray();
        return new(("text", tensor(colours, [conditions.Count, 3, 1, 1])));
    }

    public IReadOnlyList<string> Notes(Condition condition) =>
        condition.Caption is { Length: > Longest } ? ["Its end was cut."] : [];

    public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null)
    {
        using var scope = NewDisposeScope();
        return _network.Predict(noisy + condition!["text"], timesteps).MoveToOuterDisposeScope();
    }

    public void Dispose() => _network.Dispose();

    private static float[] Colour(Condition condition)
    {
        var text = $"{condition.Caption}\n{condition.Framing}";
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(text)).Take(3).Select(value => value / 128f - 1)];
    }
}
