using System.Text.Json;
using DasAudit.Core.Files;
using DasAudit.Core.Models;

namespace DasAudit.Evidence.Signatures;

/// <summary>
/// What a model's own signature says it is over: a bundle of OpenSSF Model Signing, version 1
/// (github.com/ossf/model-signing-spec), whose signed statement lists the model's files. Who signed is not looked at.
/// </summary>
internal sealed class ModelSignature
{
    private const string PredicateType = "https://model_signing/signature/v1.0";
    private const string WholeFiles = "files";
    private const string Sha256 = "sha256";

    private readonly IReadOnlyList<ModelFile> _files;
    private readonly string? _unknown;

    // With files, or with why there are none that could be compared.
    private ModelSignature(IReadOnlyList<ModelFile> files, string? unknown = null) =>
        (_files, _unknown) = (files, unknown);

    /// <summary>Reads a bundle.</summary>
    /// <exception cref="FormatException">It is none; part of a sentence.</exception>
    internal static ModelSignature Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var bundle = JsonDocuments.Parse(json);
            var envelope = bundle.RootElement.GetProperty("dsseEnvelope");
            if (!envelope.GetProperty("payload").TryGetBytesFromBase64(out var payload))
                throw new JsonException("The payload is no Base64.");
            using var statement = JsonDocuments.Parse(payload);
            return Read(statement.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("it is no bundle of OpenSSF model signing", e);
        }
    }

    /// <summary>Compares it with the files of an audited model.</summary>
    /// <returns>Null where they cannot be compared, and a part of a sentence.</returns>
    internal (bool? IsAboutModel, string What) Compare(ModelInfo model)
    {
        if (_unknown is not null)
            return (null, _unknown);
        if (model.Files is not { Count: > 0 } files)
            return (null, "the report is of an earlier version, which does not list the model's files");
        var altered = files.Where(file => !Lists(file) && Names(file)).ToList();
        if (altered.Count > 0)
            return (false, $"it lists other bytes for {Quoted(altered)} than the audited model has");
        var listed = files.Where(Lists).ToList();
        if (listed.Count == 0)
            return (false, "it lists none of the audited model's files");
        var unlisted = files.Except(listed).ToList();
        return unlisted.Count == 0
            ? (true, "it lists the files of the audited model, each with its hash")
            : (true, $"it lists {Quoted(listed)} of the audited model, and not {Quoted(unlisted)}");
    }

    // Folders may have been moved since; the bytes are what was signed.
    private bool Lists(ModelFile file) => _files.Any(signed => signed.Sha256 == file.Sha256);

    private bool Names(ModelFile file) => _files.Any(signed => signed.Name == file.Name);

    private static ModelSignature Read(JsonElement statement)
    {
        if (statement.GetProperty("predicateType").GetString() != PredicateType)
            return new([], "its statement is of a kind that this version does not know");
        var predicate = statement.GetProperty("predicate");
        var serialization = predicate.GetProperty("serialization");
        var method = serialization.GetProperty("method").GetString();
        var hash = serialization.GetProperty("hash_type").GetString();
        if (method != WholeFiles || hash != Sha256)
            return new([], $"it holds {hash} of {method}, not SHA-256 of whole files");
        return new([
            .. predicate
                .GetProperty("resources")
                .EnumerateArray()
                .Select(resource => new ModelFile(Text(resource, "name"), Text(resource, "digest").ToLowerInvariant())),
        ]);
    }

    private static string Text(JsonElement resource, string name) =>
        resource.GetProperty(name).GetString() ?? throw new JsonException($"A resource has no {name}.");

    private static string Quoted(IReadOnlyList<ModelFile> files) =>
        string.Join(", ", files.Select(file => $"'{file.Name}'"));
}
