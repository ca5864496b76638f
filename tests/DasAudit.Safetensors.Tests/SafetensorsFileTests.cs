using DasAudit.Abstractions;
using DasAudit.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Safetensors.Tests;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("das-audit-").FullName;

    public static TheoryData<string> Files =>
        [
            "ddpm-tiny/unet/diffusion_pytorch_model.safetensors",
            "ddpm-tiny/golden.safetensors",
            "ddpm-celeba-like/class-cond/golden.safetensors",
            "ddpm-celeba-like/old-keys/unet/diffusion_pytorch_model.safetensors",
            "sched/golden.safetensors",
        ];

    public static TheoryData<ScalarType> Types =>
        [
            ScalarType.Float64,
            ScalarType.Float32,
            ScalarType.Float16,
            ScalarType.BFloat16,
            ScalarType.Int64,
            ScalarType.Int32,
            ScalarType.Int16,
            ScalarType.Int8,
            ScalarType.Byte,
            ScalarType.Bool,
        ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Files))]
    public void Reading_and_writing_a_reference_file_gives_the_same_bytes(string name)
    {
        using var scope = NewDisposeScope();
        using var original = SafetensorsFile.Open(Goldens.PathOf(name));

        SafetensorsWriter.Write(
            PathOf("copy"),
            original.Names.Reverse().Select(n => (n, original.Read(n))),
            original.Metadata
        );

        Assert.Equal(File.ReadAllBytes(Goldens.PathOf(name)), File.ReadAllBytes(PathOf("copy")));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_element_type_survives(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var tensor = torch.tensor(new float[] { 0, 1, 2, 100, 3, 0 }).to(type).view(2, 3);

        SafetensorsWriter.Write(PathOf("f"), [("x", tensor)]);
        using var file = SafetensorsFile.Open(PathOf("f"));
        var read = file.Read("x");

        Assert.Equal(type, read.dtype);
        Assert.Equal([2, 3], read.shape);
        Assert.True(tensor.equal(read).all().item<bool>());
        Assert.Equal(type == ScalarType.Bool ? 1 : 100, file.Read("x", ScalarType.Float64)[1, 0].item<double>());
    }

    [Fact]
    public void Scalars_empty_tensors_and_strided_views_survive()
    {
        using var scope = NewDisposeScope();
        var view = arange(24, dtype: ScalarType.Float32).view(2, 3, 4).permute(2, 0, 1).narrow(0, 1, 2);

        SafetensorsWriter.Write(PathOf("f"), [("scalar", tensor(3.5f)), ("empty", zeros(0, 7)), ("view", view)]);
        using var file = SafetensorsFile.Open(PathOf("f"));

        Assert.Empty(file.Read("scalar").shape);
        Assert.Equal(3.5f, file.Read("scalar").item<float>());
        Assert.Equal([0, 7], file.Read("empty").shape);
        Assert.True(view.equal(file.Read("view")).all().item<bool>());
    }

    [Fact]
    public void Metadata_and_odd_names_survive()
    {
        using var scope = NewDisposeScope();
        var metadata = new Dictionary<string, string> { ["z"] = "1", ["a\"b"] = "line\nbreak ü 漢" };

        SafetensorsWriter.Write(PathOf("f"), [("ünder/score \"q\"", ones(1))], metadata);
        using var file = SafetensorsFile.Open(PathOf("f"));

        Assert.Equal(metadata, file.Metadata);
        Assert.Equal(["ünder/score \"q\""], file.Names);
    }

    [Fact]
    public void The_header_is_compact_padded_to_eight_and_ordered_by_type_then_name()
    {
        using var scope = NewDisposeScope();

        SafetensorsWriter.Write(
            PathOf("f"),
            [
                ("b", zeros(1)),
                ("a", zeros(1)),
                ("h", zeros(1, dtype: ScalarType.Float16)),
                ("i", zeros(1, dtype: ScalarType.Int64)),
            ],
            new Dictionary<string, string> { ["format"] = "pt" }
        );

        var bytes = File.ReadAllBytes(PathOf("f"));
        var length = BitConverter.ToInt64(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(8 + length + 8 + 4 + 4 + 2, bytes.Length);
        Assert.Equal(
            """{"__metadata__":{"format":"pt"},"i":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},"h":{"dtype":"F16","shape":[1],"data_offsets":[16,18]}}""",
            System.Text.Encoding.UTF8.GetString(bytes, 8, (int)length).TrimEnd(' ')
        );
    }

    [Fact]
    public void A_tensor_is_the_callers_own()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(PathOf("f"), [("x", ones(3))]);
        Tensor read;
        using (var file = SafetensorsFile.Open(PathOf("f")))
        {
            file.Read("x").fill_(7);
            read = file.Read("x");
        }
        File.Delete(PathOf("f"));

        Assert.Equal(3, read.sum().item<float>());
    }

    [Fact]
    public void Copying_fills_a_parameter_in_place_and_converts()
    {
        using var scope = NewDisposeScope();
        var parameter = new TorchSharp.Modules.Parameter(zeros(2, 3));
        var strided = zeros(3, 2, dtype: ScalarType.Float64).t();
        SafetensorsWriter.Write(
            PathOf("f"),
            [("x", arange(6, dtype: ScalarType.Float32).view(2, 3).to(ScalarType.BFloat16))]
        );
        using var file = SafetensorsFile.Open(PathOf("f"));

        file.CopyTo("x", parameter);
        file.CopyTo("x", strided);

        Assert.Equal([0f, 1, 2, 3, 4, 5], parameter.data<float>().ToArray());
        Assert.True(parameter.requires_grad && parameter.is_leaf);
        Assert.Equal(5, strided[1, 2].item<double>());
    }

    [Fact]
    public void A_missing_tensor_and_another_shape_are_named()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(PathOf("f"), [("x", zeros(2))]);
        using var file = SafetensorsFile.Open(PathOf("f"));

        Assert.False(file.TryGet("y", out _));
        Assert.Contains(
            "holds no tensor 'y'",
            Assert.Throws<AuditException>(() => file.Read("y")).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "shape [2] where [3]",
            Assert.Throws<AuditException>(() => file.CopyTo("x", zeros(3))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_that_shrinks_after_it_was_opened_gives_a_sentence()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(PathOf("f"), [("x", zeros(1000))]);
        using var file = SafetensorsFile.Open(PathOf("f"));
        using (var other = new FileStream(PathOf("f"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            other.SetLength(1000);

        Assert.Contains(
            "ends in the middle of tensor 'x'",
            Assert.Throws<AuditException>(() => file.Read("x")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Writing_replaces_the_file_whole_or_not_at_all()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(PathOf("f"), [("x", zeros(2))]);
        var before = File.ReadAllBytes(PathOf("f"));

        Assert.Throws<ArgumentException>(() =>
            SafetensorsWriter.Write(PathOf("f"), [("x", zeros(2)), ("x", zeros(2))])
        );
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(PathOf("f"), [("__metadata__", zeros(2))]));
        Assert.Throws<ArgumentException>(() =>
            SafetensorsWriter.Write(PathOf("f"), [("x", zeros(2, dtype: ScalarType.ComplexFloat32))])
        );
        Assert.Equal(before, File.ReadAllBytes(PathOf("f")));

        SafetensorsWriter.Write(PathOf("f"), [("y", zeros(3))]);
        Assert.Equal([PathOf("f")], Directory.GetFiles(_folder));
        using var file = SafetensorsFile.Open(PathOf("f"));
        Assert.Equal(["y"], file.Names);
    }

    [Fact]
    public void A_place_that_cannot_be_written_or_read_is_named()
    {
        using var scope = NewDisposeScope();

        Assert.Contains(
            "missing",
            Assert
                .Throws<AuditException>(() => SafetensorsWriter.Write(PathOf("missing/f"), [("x", zeros(2))]))
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "cannot be read",
            Assert.Throws<AuditException>(() => SafetensorsFile.Open(PathOf("missing"))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "cannot be read",
            Assert.Throws<AuditException>(() => SafetensorsFile.Open(_folder)).Message,
            StringComparison.Ordinal
        );
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
