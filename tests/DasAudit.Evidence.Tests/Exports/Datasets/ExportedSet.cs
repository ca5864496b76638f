using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;

namespace DasAudit.Evidence.Tests.Exports.Datasets;

/// <summary>A folder of three pictures with metadata.</summary>
internal sealed class ExportedSet : IDisposable
{
    private readonly TempFolder _folder = new();

    internal ExportedSet(params string[] metadata)
    {
        for (var i = 0; i < 3; i++)
            PictureWriter.WritePng(
                new(4, 4, [.. Enumerable.Range(0, 48).Select(b => (byte)(b * (i + 1)))]),
                _folder.At($"photos/sub/p {i}.png")
            );
        if (metadata.Length > 0)
            File.WriteAllLines(_folder.At("photos/metadata.jsonl"), metadata);
    }

    internal string Path => _folder["photos"];

    internal TrainingSet Load() => TrainingSetLoader.Load(Path, new());

    public void Dispose() => _folder.Dispose();
}
