using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Torch;
using static TorchSharp.torch;

namespace DasAudit.Core.Models;

/// <summary>A checkpoint together with the adapter that loads it.</summary>
/// <param name="Adapter">The adapter.</param>
/// <param name="AdapterVersion">Version of its assembly.</param>
/// <param name="AdapterSha256">SHA-256 of its assembly.</param>
/// <param name="Path">The checkpoint, as given.</param>
/// <param name="WorkingDirectory">Where a relative path starts; absolute.</param>
public sealed record ModelSource(
    IModelAdapter Adapter,
    string AdapterVersion,
    string AdapterSha256,
    string Path,
    string WorkingDirectory
)
{
    /// <summary>Loads an independent copy; the caller disposes it.</summary>
    /// <param name="options">What to load; null for the trained model.</param>
    public IDiffusionModel Load(Device device, ModelLoadOptions? options = null)
    {
        var model = Adapter.Load(
            System.IO.Path.GetFullPath(Path, WorkingDirectory),
            device,
            options ?? ModelLoadOptions.Trained
        );
        ConvolutionLayout.UseChannelsLast(model.Network);
        return model;
    }

    /// <summary>SHA-256 over (name, SHA-256) of the files that decide predictions, by ordinal order of path.</summary>
    public static string Hash(IDiffusionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in model.Files.Order(StringComparer.Ordinal))
        {
            using var file = File.OpenRead(path);
            all.AppendData(
                Encoding.UTF8.GetBytes(
                    $"{System.IO.Path.GetFileName(path)}\0{Convert.ToHexStringLower(SHA256.HashData(file))}\n"
                )
            );
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }
}
