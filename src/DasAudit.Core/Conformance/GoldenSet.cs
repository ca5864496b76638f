using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>Inputs and results of a reference run, in one file or several that go together.</summary>
internal sealed class GoldenSet : IDisposable
{
    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, GoldenTensor> _tensors = new(StringComparer.Ordinal);

    private GoldenSet() { }

    /// <summary>Each name once, by file and then in ordinal order.</summary>
    public IReadOnlyCollection<GoldenTensor> Tensors => _tensors.Values;

    /// <summary>Those of earlier files that a later one holds too, under the names of their files.</summary>
    public IReadOnlyList<GoldenTensor> Superseded { get; private set; } = [];

    /// <summary>Paths of the files, for messages.</summary>
    public string Paths => string.Join(", ", _files.Select(file => $"'{file.Path}'"));

    /// <summary>Opens files, of which a later one goes before an earlier one.</summary>
    /// <exception cref="AuditException">A file cannot be read.</exception>
    public static GoldenSet Open(IReadOnlyList<string> paths)
    {
        var set = new GoldenSet();
        try
        {
            foreach (var path in paths)
                set.Add(SafetensorsFile.Open(path));
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    public GoldenTensor? Find(string name) => _tensors.GetValueOrDefault(name);

    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>Reads the tensor of a name that is there, in the caller's dispose scope.</summary>
    public Tensor Read(string name, ScalarType type) => _tensors[name].Read(type);

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private void Add(SafetensorsFile file)
    {
        _files.Add(file);
        var superseded = Superseded.ToList();
        foreach (var stored in file.Names.Order(StringComparer.Ordinal))
        {
            var tensor = GoldenTensor.Of(stored, file);
            if (_tensors.Remove(tensor.Name, out var earlier))
                superseded.Add(earlier);
            _tensors.Add(tensor.Name, tensor);
        }

        Superseded = superseded;
    }
}
