using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DasAudit.Core.Diffusion;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures.Generation;
using DasAudit.Core.Platforms;
using DasAudit.Core.Torch;
using TorchSharp;
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
    /// <summary>The checkpoint, absolute.</summary>
    internal string FullPath => Resolve(Path);

    /// <summary>
    /// The noise schedule to take instead of the checkpoint's, as given: a path, or a name that the adapter knows; null
    /// for what the checkpoint states.
    /// </summary>
    public string? Schedule { get; init; }

    /// <summary>
    /// What describes a model whose file of weights does not, as given: a path; null for what lies beside the weights,
    /// or what the adapter knows.
    /// </summary>
    public string? ModelConfig { get; init; }

    /// <summary>
    /// Height and width of the pictures that the model shall take; null for what the checkpoint states.
    /// </summary>
    public int? Resolution { get; init; }

    /// <summary>The LoRAs to apply, their paths as given.</summary>
    public IReadOnlyList<LoraFile> Loras { get; init; } = [];

    /// <summary>The folder that training wrote: that of the LoRA where there is one; absolute.</summary>
    internal string TrainedFolder
    {
        get
        {
            if (Loras is not [var lora])
                return FullPath;
            var path = Resolve(lora.Path);
            return File.Exists(path) ? System.IO.Path.GetDirectoryName(path)! : path;
        }
    }

    /// <summary>Loads an independent copy; the caller disposes it.</summary>
    /// <param name="options">What to load; null for the trained model.</param>
    /// <exception cref="AuditException">The adapter cannot load it, or does not follow the schedule.</exception>
    public IDiffusionModel Load(Device device, ModelLoadOptions? options = null)
    {
        var complete = (options ?? ModelLoadOptions.Trained) with
        {
            Schedule = ResolvedSchedule(),
            ModelConfig = ModelConfig is null ? null : Resolve(ModelConfig),
            Resolution = Resolution,
            Loras = [.. Loras.Select(lora => lora with { Path = Resolve(lora.Path) })],
        };
        var model = Adapter.Load(FullPath, device, complete);
        if (IgnoredSetting(model, complete) is { } ignored)
        {
            model.Dispose();
            throw new AuditException(
                $"The adapter '{Adapter.Name}' does not follow {Settings.Name(ignored)}; leave it out."
            );
        }
        // The fault is that of libtorch's kernels for processors; cuDNN's for float32 are made for the other layout.
        if (device.type == DeviceType.CPU)
            ConvolutionLayout.UseChannelsLast(model.Network);
        return model;
    }

    /// <summary>
    /// SHA-256 over (name, SHA-256) of the files that decide predictions, by ordinal order of path, and over the noise
    /// schedule and the prediction type where no file states them.
    /// </summary>
    public static string Hash(IDiffusionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return HashOfFiles(model, HashedFiles(model));
    }

    /// <summary>
    /// <see cref="Hash"/>, and with it what was asked for beside files: the weights of LoRAs and the size of pictures.
    /// </summary>
    /// <param name="model">Loaded from this source.</param>
    public string HashOf(IDiffusionModel model) => HashOf(model, HashedFiles(model));

    /// <summary>The files that decide predictions, by ordinal order of path.</summary>
    internal static IReadOnlyList<HashedFile> HashedFiles(IDiffusionModel model) =>
        [.. model.Files.OrderBy(Platform.Current.Slashed, StringComparer.Ordinal).Select(HashedFile.Of)];

    /// <summary><see cref="HashOf(IDiffusionModel)"/>, of files that are hashed.</summary>
    /// <param name="model">Loaded from this source.</param>
    /// <param name="files">What <see cref="HashedFiles"/> gave.</param>
    internal string HashOf(IDiffusionModel model, IReadOnlyList<HashedFile> files)
    {
        var hash = HashOfFiles(model, files);
        if (Loras.Count == 0 && Resolution is null)
            return hash;
        // Sums do not depend on the order in which LoRAs are given, but each has its own weight.
        var loras = Loras
            .Select(lora => string.Create(CultureInfo.InvariantCulture, $"{LoraHash(lora, model)} {lora.Weight:R}"))
            .Order(StringComparer.Ordinal);
        var asked = string.Create(CultureInfo.InvariantCulture, $"{hash}\n{string.Join(',', loras)}\n{Resolution}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked)));
    }

    /// <summary>The files as reports list them: by their path within the checkpoint's folder.</summary>
    /// <param name="files">What <see cref="HashedFiles"/> gave.</param>
    internal IReadOnlyList<ModelFile> Listed(IReadOnlyList<HashedFile> files) =>
        [.. files.Select(file => new ModelFile(NameOf(file.Path), file.Sha256))];

    /// <summary>
    /// What other programs know the model by: the SHA-256 of a single file;
    /// <see cref="HashOf(IDiffusionModel)"/> for all else.
    /// </summary>
    /// <param name="model">Loaded from this source.</param>
    public string KnownBy(IDiffusionModel model)
    {
        if (!File.Exists(FullPath))
            return HashOf(model);
        return HashedFile.Of(FullPath).Sha256;
    }

    /// <summary>What a picture that the model generates says of it.</summary>
    /// <param name="model">Loaded from this source.</param>
    public MentionedModel Mention(IDiffusionModel model) =>
        new(
            KnownBy(model),
            [.. Loras.Select(lora => new MentionedLora(Name(lora), lora.Weight) { Hash = LoraHash(lora, model) })]
        );

    /// <summary>SHA-256 of the files of one of <see cref="Loras"/>, each after the other, by ordinal order.</summary>
    /// <param name="model">Loaded from this source.</param>
    internal string LoraHash(LoraFile lora, IDiffusionModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (
            var path in FilesWithin(Resolve(lora.Path), model).OrderBy(Platform.Current.Slashed, StringComparer.Ordinal)
        )
            hash.AppendData(File.ReadAllBytes(path));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// The model with something else that was trained in the place of what was: a LoRA where there is one, else the
    /// whole.
    /// </summary>
    /// <param name="path">A checkpoint's folder, or a LoRA's.</param>
    internal ModelSource WithTrained(string path) =>
        Loras is [var lora] ? this with { Loras = [lora with { Path = path }] } : this with { Path = path };

    // As other programs call it: without folders and, for a file, without its ending.
    private string Name(LoraFile lora)
    {
        var path = Resolve(lora.Path);
        return File.Exists(path) ? System.IO.Path.GetFileNameWithoutExtension(path) : System.IO.Path.GetFileName(path);
    }

    private static string HashOfFiles(IDiffusionModel model, IReadOnlyList<HashedFile> files)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, sha256) in files)
            Append(all, System.IO.Path.GetFileName(path), sha256);
        if (model.ScheduleOrigin is { File: null, Source: not ScheduleSource.Checkpoint })
            Append(all, model.Process.Prediction, Convert.ToHexStringLower(SHA256.HashData(Bytes(model.Process))));
        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private static void Append(IncrementalHash all, string name, string sha256) =>
        all.AppendData(Encoding.UTF8.GetBytes($"{name}\0{sha256}\n"));

    // Files elsewhere, as LoRAs and configurations often are, go by their names.
    private string NameOf(string path) =>
        path.StartsWith(FullPath + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? Platform.Current.Slashed(path[(FullPath.Length + 1)..])
            : System.IO.Path.GetFileName(path);

    private static ReadOnlySpan<byte> Bytes(IForwardProcess process) => MemoryMarshal.AsBytes(process.Levels);

    private static string? IgnoredSetting(IDiffusionModel model, ModelLoadOptions options)
    {
        if (options.Schedule is not null && model.ScheduleOrigin?.Source != ScheduleSource.Request)
            return "schedule";
        if (options.ModelConfig is { } config && !Uses(model, config))
            return "model-config";
        if (
            options.Resolution is { } size
            && model.PictureShape != model.PictureShape with { Height = size, Width = size }
        )
            return "resolution";
        return options.Loras.All(lora => Uses(model, lora.Path)) ? null : "lora";
    }

    private static bool Uses(IDiffusionModel model, string path) => FilesWithin(path, model).Any();

    // A folder that was given stands for the files in it.
    private static IEnumerable<string> FilesWithin(string path, IDiffusionModel model) =>
        model.Files.Where(file =>
            file == path || file.StartsWith(path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
        );

    private string Resolve(string path) =>
        System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path, WorkingDirectory));

    // A path is what is there; all else is a name.
    private string? ResolvedSchedule()
    {
        if (Schedule is null)
            return null;
        var path = Resolve(Schedule);
        return System.IO.Path.Exists(path) ? path : Schedule;
    }
}
