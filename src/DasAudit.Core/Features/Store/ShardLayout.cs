using DasAudit.Core.Gradients.Outputs;
using static TorchSharp.torch;

namespace DasAudit.Core.Features.Store;

/// <summary>What a shard holds under some settings, checked against its header.</summary>
/// <param name="Dimension">k, the length of a row.</param>
internal sealed record ShardLayout(FeatureFormat Format, int Dimension)
{
    /// <summary>Bytes of a value.</summary>
    public int ValueSize => Format == FeatureFormat.F32 ? sizeof(float) : sizeof(short);

    public static ShardLayout Of(ShardFile file, FeatureSettings settings)
    {
        CheckSettings(file, settings);
        var first = file.Info(ShardTensors.Rows(FeatureKind.Parse(settings.Kinds[0])));
        var format = first.Type == ScalarType.Float32 ? FeatureFormat.F32 : FeatureFormat.F16;
        var layout = new ShardLayout(format, (int)first.Shape[^1]);
        var pictures = file.Info(ShardTensors.Keys).Shape[0];
        Expect(file, ShardTensors.Keys, ScalarType.Byte, pictures, FeatureKey.Length);
        ExpectNumbers(file, ShardTensors.SquaredErrors, pictures, settings);
        foreach (var kind in settings.Kinds.Select(FeatureKind.Parse))
        {
            layout.CheckRows(file, kind, pictures, settings.RowsOf(kind));
            ExpectNumbers(file, ShardTensors.Norms(kind.Function), pictures, settings);
            if (OutputFunctions.HaveTangentTarget(kind.Function))
                CheckTargets(file, kind.Function, pictures, settings);
        }

        return layout;
    }

    private static void CheckSettings(ShardFile file, FeatureSettings settings)
    {
        if (file.Metadata.GetValueOrDefault("schema") != SettingsFile.SchemaId)
            throw file.Damaged();
        if (file.Metadata.GetValueOrDefault("settings") == settings.Digest)
            return;
        file.Verify();
        throw new AuditException(
            $"'{file.Shown}' holds features made under other settings than the folder it lies in; "
                + "move it to a folder of its own."
        );
    }

    private void CheckRows(ShardFile file, FeatureKind kind, long pictures, int rows)
    {
        var type = Format == FeatureFormat.F32 ? ScalarType.Float32 : ScalarType.Float16;
        Expect(file, ShardTensors.Rows(kind), type, pictures, rows, Dimension);
        if (Format == FeatureFormat.F16)
            Expect(file, ShardTensors.Scales(kind), ScalarType.Float32, pictures, rows);
    }

    private static void CheckTargets(ShardFile file, string function, long pictures, FeatureSettings settings)
    {
        var name = ShardTensors.Targets(function);
        if (!file.Holds(name))
        {
            file.Verify();
            throw new AuditException(
                $"'{file.Shown}' lacks the tangent targets of {function}, which earlier versions did not keep; "
                    + "delete that file, and the next run computes its pictures anew."
            );
        }

        ExpectNumbers(file, name, pictures, settings);
    }

    private static void ExpectNumbers(ShardFile file, string name, long pictures, FeatureSettings settings) =>
        Expect(file, name, ScalarType.Float64, pictures, settings.Replicates, settings.Timesteps.Count);

    private static void Expect(ShardFile file, string name, ScalarType type, params long[] shape)
    {
        var tensor = file.Info(name);
        if (tensor.Type != type || !tensor.Shape.SequenceEqual(shape))
            throw file.Damaged();
    }
}
